package io.selvedge.mqtt;

import io.selvedge.api.uplink.LinkState;
import io.selvedge.mqtt.client.Endpoints;
import io.selvedge.mqtt.client.MqttVersion;
import io.selvedge.mqtt.client.SettingsReader;
import io.selvedge.mqtt.client.TlsFiles;
import io.selvedge.outbox.OutboxOptions;
import io.selvedge.outbox.OutboxOptions.WhenFull;
import io.selvedge.outbox.Shares;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.PayloadEncoding;
import io.selvedge.protocol.kura.PayloadFormat;
import io.selvedge.protocol.kura.Position;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;

/**
 * From configuration and framework properties to what the parts need. A wrong value takes nothing
 * away: it is told, and its default counts; without a proper broker there is no connection, and
 * messages wait in the outbox.
 */
final class Configured {

  private static final int KIB = 1024;
  private static final String FILE = "io.selvedge.mqtt.cfg";
  private static final String DROP_OLDEST = "drop-oldest";
  private static final String REFUSE_NEWEST = "refuse-newest";
  private static final String THIN_OUT = "thin-out";

  private final MqttConfig config;
  private final SettingsReader reader;

  /**
   * Reads nothing yet.
   *
   * @param properties as they stand in the file, because what is no number cannot be had from
   *     {@code config}
   */
  Configured(MqttConfig config, Map<String, Object> properties, BundleContext context) {
    this.config = config;
    reader = new SettingsReader(FILE, properties, context);
  }

  /** What was wrong in all that was read until now. */
  List<String> problems() {
    return reader.problems();
  }

  Settings settings() {
    String gateway = reader.property("selvedge.gateway.id", "gateway");
    String clientId = config.client_id().isBlank() ? gateway : config.client_id().strip();
    Profile profile = profile();
    String prefix = config.topic_control$_$prefix().strip();
    return new Settings(
        endpoints(),
        gateway,
        clientId,
        account(gateway),
        version(profile),
        login(profile, clientId),
        tls(profile),
        Duration.ofDays(reader.whole("certificate.warning.days", 1, 365, 30)),
        profile.topics(
            prefix.isEmpty() ? profile.controlPrefix() : controlPrefix(prefix), clientId),
        Duration.ofSeconds(
            within(
                "keep.alive.seconds",
                reader.whole("keep.alive.seconds", 5, 3600, 30),
                profile.leastKeepAlive(),
                profile.mostKeepAlive())),
        Duration.ofSeconds(reader.whole("connection.timeout.seconds", 1, 300, 10)),
        Duration.ofSeconds(reader.whole("longest.pause.seconds", 1, 3600, 60)),
        Duration.ofSeconds(reader.whole("first.broker.again.seconds", 1, 86_400, 300)),
        ownFilesConnection(profile),
        Math.min(reader.whole("window", 1, 1000, 100), profile.mostWindow()),
        KIB * Math.min(reader.whole("largest.message.kib", 1, KIB, KIB), profile.largestKib()));
  }

  private Profile profile() {
    return Profile.of(config.profile().strip())
        .orElseGet(
            () -> {
              reader.refuse("profile", config.profile(), "one of " + Profile.words(), "plain");
              return Profile.PLAIN;
            });
  }

  private boolean ownFilesConnection(Profile profile) {
    boolean usual = profile == Profile.PLAIN;
    String given = config.files_connection().strip();
    if (given.equals("own") && profile == Profile.AZURE_IOT_HUB) {
      reader.refuse("files.connection", given, "shared with profile azure-iot-hub", "shared");
      return false;
    }
    if (given.equals("own") || given.equals("shared")) {
      return given.equals("own");
    }
    if (!given.isEmpty()) {
      reader.refuse("files.connection", given, "own or shared", usual ? "own" : "shared");
    }
    return usual;
  }

  private MqttVersion version(Profile profile) {
    String given = config.mqtt_version().strip();
    boolean newer = given.equals("5") || given.equals("5.0");
    if (newer && profile == Profile.AZURE_IOT_HUB) {
      reader.refuse("mqtt.version", given, "3.1.1 with profile azure-iot-hub", "3.1.1");
      return MqttVersion.V3_1_1;
    }
    if (!newer && !given.equals("3.1.1")) {
      reader.refuse("mqtt.version", given, "3.1.1 or 5", "3.1.1");
    }
    return newer ? MqttVersion.V5 : MqttVersion.V3_1_1;
  }

  private Login login(Profile profile, String clientId) {
    String user = config.user().strip();
    Secret secret =
        () -> reader.password(config._password(), config.password_file(), config.user());
    boolean certificate = !config.client_certificate_file().isBlank();
    if (profile == Profile.AZURE_IOT_HUB) {
      return new SasLogin(
          user.isEmpty() ? Optional.empty() : Optional.of(user),
          clientId,
          certificate ? Optional.empty() : Optional.of(secret),
          Duration.ofSeconds(reader.whole("token.seconds", 10, 31_536_000, 86_400)),
          Clock.systemUTC());
    }
    return user.isEmpty() ? Login.NONE : new PasswordLogin(user, secret);
  }

  private TlsFiles tls(Profile profile) {
    TlsFiles files =
        reader.tls(config.ca_file(), config.client_certificate_file(), config.client_key_file());
    return profile == Profile.AWS_IOT_CORE && usesPort443()
        ? files.withAlpn("x-amzn-mqtt-ca")
        : files;
  }

  /** There AWS IoT Core tells MQTT from HTTPS by the name of the protocol. */
  private boolean usesPort443() {
    return config.broker().strip().startsWith("ssl://") && config.broker().contains(":443");
  }

  private String controlPrefix(String given) {
    if (given.contains("/") || given.contains("+") || given.contains("#")) {
      reader.refuse("topic.control-prefix", given, "one level of a topic, without / + #", "$EDC");
      return "$EDC";
    }
    return given;
  }

  private int within(String name, int value, int least, int most) {
    if (value >= least && value <= most) {
      return value;
    }
    int nearest = value < least ? least : most;
    reader.refuse(
        name,
        Integer.toString(value),
        least + " to " + most + " with this profile",
        Integer.toString(nearest));
    return nearest;
  }

  OutboxOptions outbox() {
    OutboxOptions usual =
        OutboxOptions.defaults()
            .withBudget((long) reader.whole("outbox.mib", 8, 65536, 512) * KIB * KIB)
            .withCommitInterval(
                Duration.ofMillis(reader.whole("commit.interval.ms", 0, 10_000, 100)))
            .withWhenFull(WhenFull.DROP_OLDEST);
    Shares shares = shares();
    String whenFull = whenFull();
    boolean rewrites = whenFull.equals(THIN_OUT) || !shares.isNone();
    long least = (long) OutboxOptions.LEAST_TO_REWRITE * usual.segmentSize();
    if (rewrites && !whenFull.equals(REFUSE_NEWEST) && usual.budget() < least) {
      reader.wrong(
          "outbox.mib ["
              + usual.budget() / KIB / KIB
              + "] must be at least ["
              + least / KIB / KIB
              + "] for thin-out and for shares",
          "raise it",
          "[" + DROP_OLDEST + "] without shares counts");
      return usual;
    }
    OutboxOptions shared = usual.withShares(shares);
    return switch (whenFull) {
      case REFUSE_NEWEST -> shared.withWhenFull(WhenFull.REFUSE_NEWEST);
      case THIN_OUT -> shared.withThinner(new DataThinner(thinInterval()));
      default -> shared;
    };
  }

  private Duration thinInterval() {
    String given = config.outbox_thin_interval();
    Optional<Duration> interval = OutboxPolicies.interval(given);
    if (interval.isEmpty()) {
      reader.refuse("outbox.thin.interval", given, "PT1S to P1D, for example PT5M", "PT5M");
    }
    return interval.orElse(Duration.ofMinutes(5));
  }

  private Shares shares() {
    try {
      return OutboxPolicies.shares(config.outbox_shares());
    } catch (IllegalArgumentException e) {
      reader.wrong("outbox.shares: " + e.getMessage(), "correct it", "none count");
      return Shares.NONE;
    }
  }

  LinkSwitch.Rules link() {
    return new LinkSwitch.Rules(
        linkState(),
        linkSchedule(),
        reader.whole("link.slow.priority", 0, 9, 6),
        reader.whole("link.metered.priority", 0, 9, 3));
  }

  private LinkSchedule linkSchedule() {
    try {
      return LinkSchedule.parse(config.link_schedule());
    } catch (IllegalArgumentException e) {
      reader.wrong("link.schedule: " + e.getMessage(), "correct it", "there is none");
      return LinkSchedule.NONE;
    }
  }

  LinkMeter.Limits linkLimits() {
    return new LinkMeter.Limits(
        reader.flag("link.measured", true),
        Duration.ofMillis(reader.whole("link.slow.round.trip.ms", 10, 60_000, 2000)),
        reader.whole("link.slow.bytes.per.second", 0, 100_000_000, 2000));
  }

  Identity identity(Settings settings) {
    return new Identity(
        config.display_name().isBlank() ? settings.gateway() : config.display_name().strip(),
        position(),
        new PayloadFormat(encoding(), reader.flag("encode.gzip", true)),
        Duration.ofSeconds(reader.whole("birth.delay.seconds", 1, 3600, 30)),
        reader.flag("reply.stack", false));
  }

  private PayloadEncoding encoding() {
    String given = config.payload_encoding().strip();
    PayloadEncoding usual = PayloadEncoding.KURA_PROTOBUF;
    Optional<PayloadEncoding> named = PayloadEncoding.named(given);
    if (named.isEmpty()) {
      String rule = "one of " + PayloadEncoding.settings();
      reader.refuse("payload.encoding", given, rule, usual.setting());
    }
    return named.orElse(usual);
  }

  private Optional<Position> position() {
    String given = config.position().strip();
    if (given.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Position.parse(given));
    } catch (IllegalArgumentException e) {
      reader.wrong(String.valueOf(e.getMessage()), "correct it", "none is told");
      return Optional.empty();
    }
  }

  private LinkState linkState() {
    String given = config.link().strip();
    for (LinkState state : LinkState.values()) {
      if (LinkSwitch.word(state).equalsIgnoreCase(given)) {
        return state;
      }
    }
    reader.refuse("link", given, "normal, slow, metered or off", "normal");
    return LinkState.NORMAL;
  }

  private String account(String gateway) {
    String usual = reader.property("selvedge.account", "selvedge");
    String wanted = config.account().isBlank() ? usual : config.account().strip();
    try {
      KuraTopic.inbox(wanted, gateway);
      return wanted;
    } catch (IllegalArgumentException e) {
      reader.wrong(String.valueOf(e.getMessage()), "correct it", "[" + usual + "] counts");
      return usual;
    }
  }

  private List<URI> endpoints() {
    try {
      return Endpoints.parse(config.broker());
    } catch (IllegalArgumentException e) {
      reader.wrong(String.valueOf(e.getMessage()), "correct broker", "messages wait in the outbox");
      return List.of();
    }
  }

  private String whenFull() {
    String given = config.outbox_when_full().strip();
    for (String policy : List.of(DROP_OLDEST, REFUSE_NEWEST, THIN_OUT)) {
      if (given.equalsIgnoreCase(policy)) {
        return policy;
      }
    }
    reader.refuse("outbox.when.full", given, "drop-oldest, refuse-newest or thin-out", DROP_OLDEST);
    return DROP_OLDEST;
  }

  Path data() {
    return reader.data();
  }
}
