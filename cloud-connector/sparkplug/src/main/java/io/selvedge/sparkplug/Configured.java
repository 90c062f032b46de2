package io.selvedge.sparkplug;

import io.selvedge.mqtt.client.Endpoints;
import io.selvedge.mqtt.client.TlsFiles;
import io.selvedge.outbox.OutboxOptions;
import io.selvedge.outbox.OutboxOptions.WhenFull;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
  private final Map<String, Object> properties;
  private final BundleContext context;
  private final List<String> problems = new ArrayList<>();

  /**
   * Reads nothing yet.
   *
   * @param properties as they stand in the file, because what is no number cannot be had from
   *     {@code config}
   */
  Configured(SparkplugConfig config, Map<String, Object> properties, BundleContext context) {
    this.config = config;
    this.properties = properties;
    this.context = context;
  }

  /** What was wrong in all that was read until now. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  /** The settings; without endpoints where nothing may be published. */
  Settings settings() {
    String gateway = property("selvedge.gateway.id", "gateway");
    Path conf = Path.of(property("selvedge.conf", "conf"));
    Optional<NodeId> id = id(gateway);
    Optional<String> host = host();
    List<URI> endpoints = endpoints();
    return new Settings(
        id.isPresent() && isHostRight() ? endpoints : List.of(),
        id.orElse(new NodeId("selvedge", "gateway")),
        config.client_id().isBlank() ? gateway + "-sparkplug" : config.client_id().strip(),
        config.user().strip(),
        () -> password(conf),
        tls(conf),
        Duration.ofSeconds(whole("keep.alive.seconds", 5, 3600, 30)),
        Duration.ofSeconds(whole("connection.timeout.seconds", 1, 300, 10)),
        Duration.ofSeconds(whole("longest.pause.seconds", 1, 3600, 60)),
        host,
        config.aliases(),
        config.complex_types(),
        Duration.ofSeconds(whole("rebirth.pause.seconds", 0, 300, 2)),
        whole("window", 1, 10_000, 1000),
        KIB * whole("largest.message.kib", 1, KIB, KIB));
  }

  OutboxOptions outbox() {
    return OutboxOptions.defaults()
        .withBudget((long) whole("outbox.mib", 8, 65536, 128) * KIB * KIB)
        .withCommitInterval(Duration.ofMillis(whole("commit.interval.ms", 0, 10_000, 100)))
        .withWhenFull(whenFull());
  }

  Path data() {
    return Path.of(property("selvedge.data", "data"));
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

  private TlsFiles tls(Path conf) {
    TlsFiles files = TlsFiles.NONE;
    if (!config.ca_file().isBlank()) {
      files = files.withCa(conf.resolve(config.ca_file().strip()));
    }
    String certificate = config.client_certificate_file().strip();
    String key = config.client_key_file().strip();
    if (!certificate.isEmpty() && !key.isEmpty()) {
      return files.withIdentity(conf.resolve(certificate), conf.resolve(key));
    }
    if (!certificate.isEmpty() || !key.isEmpty()) {
      problems.add(
          "client.certificate.file ["
              + certificate
              + "] and client.key.file ["
              + key
              + "] must be set both or neither; correct it in "
              + FILE
              + ". Until then the gateway shows no certificate");
    }
    return files;
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
    problems.add(
        wrong.getMessage()
            + "; correct it in "
            + FILE
            + ". Until then messages wait in the outbox");
  }

  private WhenFull whenFull() {
    String given = config.outbox_when_full().strip();
    if (given.equalsIgnoreCase("refuse-newest")) {
      return WhenFull.REFUSE_NEWEST;
    }
    if (!given.equalsIgnoreCase("drop-oldest")) {
      refuse("outbox.when.full", given, "drop-oldest or refuse-newest", "drop-oldest");
    }
    return WhenFull.DROP_OLDEST;
  }

  private char[] password(Path conf) throws IOException {
    if (!config._password().isEmpty()) {
      return config._password().toCharArray();
    }
    Path file = conf.resolve(config.password_file().strip());
    if (config.password_file().isBlank() || !Files.isRegularFile(file)) {
      throw new IOException(
          "password file ["
              + file
              + "] is not there; write the password for user ["
              + config.user()
              + "] into it");
    }
    return Files.readString(file, StandardCharsets.UTF_8)
        .lines()
        .findFirst()
        .orElse("")
        .toCharArray();
  }

  private String property(String name, String otherwise) {
    return Optional.ofNullable(context.getProperty(name))
        .filter(value -> !value.isBlank())
        .orElse(otherwise);
  }

  private int whole(String name, int least, int most, int otherwise) {
    Object given = properties.get(name);
    String text = given == null ? Integer.toString(otherwise) : given.toString().strip();
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // falls through to the one message for both faults
    }
    refuse(name, text, "a whole number from " + least + " to " + most, Integer.toString(otherwise));
    return otherwise;
  }

  private void refuse(String name, String value, String rule, String otherwise) {
    problems.add(
        name
            + " ["
            + value
            + "] must be "
            + rule
            + "; correct it in "
            + FILE
            + ". Until then ["
            + otherwise
            + "] counts");
  }
}
