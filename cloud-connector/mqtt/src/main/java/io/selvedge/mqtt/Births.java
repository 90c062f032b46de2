package io.selvedge.mqtt;

import io.selvedge.protocol.json.Json;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.KuraTopic.Stage;
import io.selvedge.protocol.kura.Metric;
import io.selvedge.protocol.kura.Position;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What a gateway tells of itself when it comes, changes and goes; metrics as Kura names them, in
 * the gateway's encoding.
 */
final class Births {

  /** Where the gateway's own parts are asked. */
  interface Sources {
    /** Ids of the applications that answer requests now. */
    Collection<String> apps();

    /** What plugins know of the machine, see {@link io.selvedge.api.uplink.GatewayFacts}. */
    Map<String, String> facts();
  }

  private static final String UNKNOWN = "UNKNOWN";
  private static final String CONNECTION_TIME = KuraTopic.CONNECTION_TIME;
  private static final String POSITION = "position";
  private static final String EXTENDED_VERSION = "1.0";

  /** Names of Kura's birth that a plugin may fill in; those without a value are left out. */
  private static final Set<String> OPTIONAL =
      Set.of(
          "tamper_status",
          "modem_imei",
          "modem_imsi",
          "modem_iccid",
          "modem_rssi",
          "modem_firmware_version");

  private static final Set<String> MACHINE =
      Set.of(
          "model_name",
          "model_id",
          "part_number",
          "serial_number",
          "firmware_version",
          "cpu_version",
          "bios_version");

  private final Identity identity;
  private final Function<String, String> properties;
  private final Sources sources;
  private final Machine machine;
  private final Clock clock;
  private volatile Instant connected = Instant.EPOCH;
  private volatile Told told = new Told(Set.of(), Map.of());

  /** What can change while a connection lasts, as the hub was last told. */
  private record Told(Set<String> apps, Map<String, String> facts) {}

  /**
   * @param properties framework properties by name; empty where there is none
   */
  Births(
      Identity identity,
      Function<String, String> properties,
      Sources sources,
      Machine machine,
      Clock clock) {
    this.identity = identity;
    this.properties = properties;
    this.sources = sources;
    this.machine = machine;
    this.clock = clock;
  }

  /** Which of the two the hub does not know yet; empty where it knows all. */
  Optional<Stage> due() {
    Told now = now();
    Told before = told;
    if (!now.facts.equals(before.facts)) {
      return Optional.of(Stage.BIRTH);
    }
    return now.apps.equals(before.apps) ? Optional.empty() : Optional.of(Stage.APPS);
  }

  private Told now() {
    return new Told(new TreeSet<>(sources.apps()), new TreeMap<>(sources.facts()));
  }

  /** All that the gateway is, and which applications it has; both stages carry the same. */
  byte[] birth() {
    Told now = now();
    Map<String, Metric> metrics = new LinkedHashMap<>();
    String version = properties.apply("selvedge.version");
    put(metrics, "uptime", Long.toString(machine.uptime()));
    put(metrics, "display_name", identity.displayName());
    machine
        .facts()
        .forEach(
            (name, value) ->
                put(
                    metrics,
                    name,
                    MACHINE.contains(name) ? now.facts.getOrDefault(name, value) : value));
    put(metrics, "kura_version", "Selvedge " + version);
    put(metrics, "application_framework", "Selvedge");
    put(metrics, "application_framework_version", version);
    put(metrics, "osgi_framework", properties.apply("org.osgi.framework.vendor"));
    put(metrics, "osgi_framework_version", properties.apply("org.osgi.framework.version"));
    put(metrics, "accept_encoding", "gzip");
    put(metrics, "payload_encoding", identity.format().encoding().name());
    OPTIONAL.stream()
        .sorted()
        .filter(now.facts::containsKey)
        .forEach(name -> put(metrics, name, now.facts.getOrDefault(name, "")));
    metrics.put("application_ids", Metric.of(String.join(",", now.apps)));
    put(metrics, "extended_properties", extended(version, now.facts));
    metrics.put(CONNECTION_TIME, connectionTime());
    told = now;
    return bytes(
        new KuraPayload(Optional.of(clock.instant()), position(now.facts), metrics, new byte[0]));
  }

  /** Where a receiver says that it is, else where it was set up. */
  private Optional<Position> position(Map<String, String> facts) {
    try {
      return Optional.of(Position.parse(facts.getOrDefault(POSITION, "")));
    } catch (IllegalArgumentException e) {
      return identity.position(); // nobody says, or not as it must be
    }
  }

  /** {@code {"version": "1.0", "properties": {group: {name: value}}}}, as Kura writes it. */
  private String extended(String version, Map<String, String> facts) {
    Map<String, Map<String, String>> groups = new TreeMap<>();
    group(groups, "selvedge.version", version);
    machine.extended().forEach((name, value) -> group(groups, name, value));
    facts.forEach(
        (name, value) -> {
          if (!OPTIONAL.contains(name) && !MACHINE.contains(name) && !name.equals(POSITION)) {
            group(groups, name, value);
          }
        });
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("version", EXTENDED_VERSION);
    all.put("properties", groups);
    return Json.text(all);
  }

  private static void group(Map<String, Map<String, String>> groups, String name, String value) {
    int dot = name.indexOf('.');
    String group = dot > 0 ? name.substring(0, dot) : "other";
    groups.computeIfAbsent(group, g -> new TreeMap<>()).put(name.substring(dot + 1), value);
  }

  byte[] disconnect() {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    put(metrics, "uptime", Long.toString(machine.uptime()));
    put(metrics, "display_name", identity.displayName());
    metrics.put(CONNECTION_TIME, connectionTime());
    return bytes(KuraPayload.of(clock.instant(), metrics));
  }

  /**
   * Made when a connection begins: its time goes into all that is told of the connection, so that a
   * will that comes late is not taken for the end of a newer one.
   */
  byte[] will() {
    connected = clock.instant();
    Map<String, Metric> metrics = new LinkedHashMap<>();
    put(metrics, "display_name", identity.displayName());
    metrics.put(CONNECTION_TIME, connectionTime());
    return bytes(KuraPayload.of(connected, metrics));
  }

  private byte[] bytes(KuraPayload payload) {
    return identity.format().encode(payload);
  }

  private Metric connectionTime() {
    return Metric.of(connected.toEpochMilli());
  }

  private static void put(Map<String, Metric> metrics, String name, String value) {
    metrics.put(name, Metric.of(value.isBlank() ? UNKNOWN : value.strip()));
  }
}
