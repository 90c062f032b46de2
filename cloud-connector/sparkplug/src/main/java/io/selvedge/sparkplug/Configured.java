package io.selvedge.sparkplug;

import io.selvedge.mqtt.client.Endpoints;
import io.selvedge.mqtt.client.SettingsReader;
import io.selvedge.outbox.OutboxOptions;
import io.selvedge.outbox.OutboxOptions.WhenFull;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;

/**
 * From configuration and framework properties to what the parts need. A wrong value takes nothing
 * away: it is told, and its default counts; where there is no proper broker, there is no session,
 * and messages wait in the outbox. Which node it is has no default that would be right: there, too,
 * messages wait.
 */
final class Configured {

  private static final int KIB = 1024;
  private static final String FILE = "io.selvedge.sparkplug.cfg";

  private final SparkplugConfig config;
  private final SettingsReader reader;

  /**
   * Reads nothing yet.
   *
   * @param properties as they stand in the file, because what is no number cannot be had from
   *     {@code config}
   */
  Configured(SparkplugConfig config, Map<String, Object> properties, BundleContext context) {
    this.config = config;
    reader = new SettingsReader(FILE, properties, context);
  }

  /** What was wrong in all that was read until now. */
  List<String> problems() {
    return reader.problems();
  }

  /** The settings; without endpoints where nothing may be published. */
  Settings settings() {
    String gateway = reader.property("selvedge.gateway.id", "gateway");
    Optional<NodeId> id = id(gateway);
    Optional<String> host = host();
    List<URI> endpoints = endpoints();
    return new Settings(
        id.isPresent() && isHostRight() ? endpoints : List.of(),
        id.orElse(new NodeId("selvedge", "gateway")),
        config.client_id().isBlank() ? gateway + "-sparkplug" : config.client_id().strip(),
        config.user().strip(),
        () -> reader.password(config._password(), config.password_file(), config.user()),
        reader.tls(config.ca_file(), config.client_certificate_file(), config.client_key_file()),
        Duration.ofSeconds(reader.whole("keep.alive.seconds", 5, 3600, 30)),
        Duration.ofSeconds(reader.whole("connection.timeout.seconds", 1, 300, 10)),
        Duration.ofSeconds(reader.whole("longest.pause.seconds", 1, 3600, 60)),
        host,
        config.aliases(),
        config.complex_types(),
        Duration.ofSeconds(reader.whole("rebirth.pause.seconds", 0, 300, 2)),
        reader.whole("window", 1, 10_000, 1000),
        KIB * reader.whole("largest.message.kib", 1, KIB, KIB));
  }

  OutboxOptions outbox() {
    return OutboxOptions.defaults()
        .withBudget((long) reader.whole("outbox.mib", 8, 65536, 128) * KIB * KIB)
        .withCommitInterval(Duration.ofMillis(reader.whole("commit.interval.ms", 0, 10_000, 100)))
        .withWhenFull(whenFull());
  }

  Path data() {
    return reader.data();
  }

  private Optional<NodeId> id(String gateway) {
    String node = config.edge_node_id().isBlank() ? gateway : config.edge_node_id().strip();
    try {
      return Optional.of(new NodeId(config.group_id().strip(), node));
    } catch (IllegalArgumentException e) {
      wait(e);
      return Optional.empty();
    }
  }

  private Optional<String> host() {
    return Optional.of(config.primary_host_id().strip()).filter(id -> !id.isEmpty());
  }

  private boolean isHostRight() {
    try {
      host().ifPresent(id -> NodeId.requireId("primary host id", id));
      return true;
    } catch (IllegalArgumentException e) {
      wait(e);
      return false;
    }
  }

  private List<URI> endpoints() {
    try {
      return Endpoints.parse(config.broker());
    } catch (IllegalArgumentException e) {
      wait(e);
      return List.of();
    }
  }

  private void wait(IllegalArgumentException wrong) {
    reader.wrong(String.valueOf(wrong.getMessage()), "correct it", "messages wait in the outbox");
  }

  private WhenFull whenFull() {
    String given = config.outbox_when_full().strip();
    if (given.equalsIgnoreCase("refuse-newest")) {
      return WhenFull.REFUSE_NEWEST;
    }
    if (!given.equalsIgnoreCase("drop-oldest")) {
      reader.refuse("outbox.when.full", given, "drop-oldest or refuse-newest", "drop-oldest");
    }
    return WhenFull.DROP_OLDEST;
  }
}
