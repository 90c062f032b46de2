package io.selvedge.mqtt;

import io.selvedge.outbox.OutboxOptions;
import io.selvedge.outbox.OutboxOptions.WhenFull;
import io.selvedge.protocol.kura.KuraTopic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From configuration and framework properties to what the parts need. */
final class Configured {

  private static final Logger log = LoggerFactory.getLogger(Configured.class);
  private static final int KIB = 1024;

  private Configured() {}

  static Settings settings(MqttConfig config, BundleContext context) {
    String gateway = property(context, "selvedge.gateway.id", "gateway");
    String account =
        config.account().isBlank()
            ? property(context, "selvedge.account", "selvedge")
            : config.account().strip();
    String inbox = KuraTopic.inbox(account, gateway); // says what is wrong with a name
    log.debug("Requests come in [{}]", inbox);
    Path conf = Path.of(property(context, "selvedge.conf", "conf"));
    return new Settings(
        Settings.endpoints(config.broker()),
        gateway,
        config.client_id().isBlank() ? gateway : config.client_id().strip(),
        account,
        config.user().strip(),
        () -> password(config, conf),
        config.ca_file().isBlank()
            ? Optional.empty()
            : Optional.of(conf.resolve(config.ca_file().strip())),
        Duration.ofSeconds(within(config.keep_alive_seconds(), 5, 3600)),
        Duration.ofSeconds(within(config.connection_timeout_seconds(), 1, 300)),
        Duration.ofSeconds(within(config.longest_pause_seconds(), 1, 3600)),
        within(config.window(), 1, 1000),
        KIB * within(config.largest_message_kib(), 1, KIB));
  }

  static OutboxOptions outbox(MqttConfig config) {
    String whenFull = config.outbox_when_full().strip().toUpperCase(Locale.ROOT);
    WhenFull policy =
        whenFull.equals("REFUSE-NEWEST") ? WhenFull.REFUSE_NEWEST : WhenFull.DROP_OLDEST;
    return OutboxOptions.defaults()
        .withBudget((long) within(config.outbox_mib(), 8, 65536) * KIB * KIB)
        .withCommitInterval(Duration.ofMillis(within(config.commit_interval_ms(), 0, 10_000)))
        .withWhenFull(policy);
  }

  static Path data(BundleContext context) {
    return Path.of(property(context, "selvedge.data", "data"));
  }

  private static char[] password(MqttConfig config, Path conf) throws IOException {
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

  private static String property(BundleContext context, String name, String otherwise) {
    return Optional.ofNullable(context.getProperty(name))
        .filter(value -> !value.isBlank())
        .orElse(otherwise);
  }

  /** Values outside come from a file that no form has checked; the nearest one counts. */
  private static int within(int value, int least, int most) {
    return Math.max(least, Math.min(most, value));
  }
}
