package io.selvedge.mqtt;

import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.Metric;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a gateway tells of itself when it comes and goes; metrics as Kura names them. */
final class Births {

  private static final String UNKNOWN = "UNKNOWN";
  private static final String CONNECTION_TIME = KuraTopic.CONNECTION_TIME;

  private final String gateway;
  private final Function<String, String> properties;
  private final Supplier<Collection<String>> apps;
  private final Clock clock;
  private volatile Instant connected = Instant.EPOCH;

  /**
   * @param properties framework properties by name; empty where there is none
   * @param apps ids of the applications that answer requests now
   */
  Births(
      String gateway,
      Function<String, String> properties,
      Supplier<Collection<String>> apps,
      Clock clock) {
    this.gateway = gateway;
    this.properties = properties;
    this.apps = apps;
    this.clock = clock;
  }

  KuraPayload birth() {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    String version = properties.apply("selvedge.version");
    put(metrics, "uptime", Long.toString(uptime()));
    put(metrics, "display_name", gateway);
    put(metrics, "model_name", firstLine("/sys/firmware/devicetree/base/model"));
    put(metrics, "model_id", firstLine("/sys/class/dmi/id/product_name"));
    put(metrics, "part_number", UNKNOWN);
    put(metrics, "serial_number", firstLine("/sys/firmware/devicetree/base/serial-number"));
    Runtime runtime = Runtime.getRuntime();
    put(metrics, "available_processors", Integer.toString(runtime.availableProcessors()));
    put(metrics, "total_memory", Long.toString(runtime.totalMemory() / 1024));
    put(metrics, "firmware_version", UNKNOWN);
    put(metrics, "os", System.getProperty("os.name", ""));
    put(metrics, "os_version", System.getProperty("os.version", ""));
    put(metrics, "os_arch", System.getProperty("os.arch", ""));
    put(metrics, "jvm_name", System.getProperty("java.vm.name", ""));
    put(metrics, "jvm_version", System.getProperty("java.vm.version", ""));
    put(metrics, "jvm_profile", System.getProperty("java.runtime.name", ""));
    put(metrics, "kura_version", "Selvedge " + version);
    put(metrics, "application_framework", "Selvedge");
    put(metrics, "application_framework_version", version);
    put(metrics, "osgi_framework", properties.apply("org.osgi.framework.vendor"));
    put(metrics, "osgi_framework_version", properties.apply("org.osgi.framework.version"));
    putNetwork(metrics);
    put(metrics, "accept_encoding", "gzip");
    put(metrics, "application_ids", String.join(",", new TreeSet<>(apps.get())));
    metrics.put(CONNECTION_TIME, connectionTime());
    return KuraPayload.of(clock.instant(), metrics);
  }

  KuraPayload disconnect() {
    return KuraPayload.of(
        clock.instant(),
        Map.of(
            "uptime",
            Metric.of(Long.toString(uptime())),
            "display_name",
            Metric.of(gateway),
            CONNECTION_TIME,
            connectionTime()));
  }

  /**
   * Made when a connection begins: its time goes into all that is told of the connection, so that a
   * will that comes late is not taken for the end of a newer one.
   */
  KuraPayload will() {
    connected = clock.instant();
    return KuraPayload.of(
        connected, Map.of("display_name", Metric.of(gateway), CONNECTION_TIME, connectionTime()));
  }

  private Metric connectionTime() {
    return Metric.of(connected.toEpochMilli());
  }

  private static long uptime() {
    return ManagementFactory.getRuntimeMXBean().getUptime();
  }

  private static void put(Map<String, Metric> metrics, String name, String value) {
    metrics.put(name, Metric.of(value.isEmpty() ? UNKNOWN : value));
  }

  /** Interfaces that are up, with their addresses, in the same order. */
  private static void putNetwork(Map<String, Metric> metrics) {
    StringBuilder names = new StringBuilder();
    StringBuilder addresses = new StringBuilder();
    try {
      for (NetworkInterface one : NetworkInterface.networkInterfaces().toList()) {
        List<InetAddress> all = one.inetAddresses().toList();
        if (one.isUp() && !one.isLoopback() && !all.isEmpty()) {
          String address = all.get(all.size() - 1).getHostAddress().replaceFirst("%.*", "");
          names.append(names.isEmpty() ? "" : ",").append(one.getName());
          addresses.append(addresses.isEmpty() ? "" : ",").append(address);
        }
      }
    } catch (SocketException e) {
      // then they are unknown
    }
    put(metrics, "connection_interface", names.toString());
    put(metrics, "connection_ip", addresses.toString());
  }

  private static String firstLine(String file) {
    try {
      String text = Files.readString(Path.of(file), StandardCharsets.UTF_8);
      return text.lines().findFirst().orElse("").replace("\0", "").strip();
    } catch (IOException e) {
      return "";
    }
  }
}
