package io.selvedge.mqtt;

import io.selvedge.api.uplink.LinkState;
import io.selvedge.mqtt.client.Endpoints;
import io.selvedge.mqtt.client.MqttVersion;
import io.selvedge.mqtt.client.TlsFiles;
import io.selvedge.outbox.OutboxOptions;
import io.selvedge.outbox.OutboxOptions.WhenFull;
import io.selvedge.outbox.Shares;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.PayloadEncoding;
import io.selvedge.protocol.kura.PayloadFormat;
import io.selvedge.protocol.kura.Position;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
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
  private static final String DROP_OLDEST = "drop-oldest";
  private static final String REFUSE_NEWEST = "refuse-newest";
  private static final String THIN_OUT = "thin-out";

  private final MqttConfig config;
  private final Map<String, Object> properties;
  private final BundleContext context;
  private final List<String> problems = new ArrayList<>();

  /**
   * Reads nothing yet.
   *
   * @param properties as they stand in the file, because what is no number cannot be had from
   *     {@code config}
   */
  Configured(MqttConfig config, Map<String, Object> properties, BundleContext context) {
    this.config = config;
    this.properties = properties;
    this.context = context;
  }

  /** What was wrong in all that was read until now. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  Settings settings() {
    String gateway = property("selvedge.gateway.id", "gateway");
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
        Duration.ofDays(whole("certificate.warning.days", 1, 365, 30)),
        profile.topics(
            prefix.isEmpty() ? profile.controlPrefix() : controlPrefix(prefix), clientId),
        Duration.ofSeconds(
            within(
                "keep.alive.seconds",
                whole("keep.alive.seconds", 5, 3600, 30),
                profile.leastKeepAlive(),
                profile.mostKeepAlive())),
        Duration.ofSeconds(whole("connection.timeout.seconds", 1, 300, 10)),
        Duration.ofSeconds(whole("longest.pause.seconds", 1, 3600, 60)),
        Duration.ofSeconds(whole("first.broker.again.seconds", 1, 86_400, 300)),
        ownFilesConnection(profile),
        Math.min(whole("window", 1, 1000, 100), profile.mostWindow()),
        KIB * Math.min(whole("largest.message.kib", 1, KIB, KIB), profile.largestKib()));
  }

  private Profile profile() {
    return Profile.of(config.profile().strip())
        .orElseGet(
            () -> {
              refuse("profile", config.profile(), "one of " + Profile.words(), "plain");
              return Profile.PLAIN;
            });
  }

  private boolean ownFilesConnection(Profile profile) {
    boolean usual = profile == Profile.PLAIN;
    String given = config.files_connection().strip();
    if (given.equals("own") && profile == Profile.AZURE_IOT_HUB) {
      refuse("files.connection", given, "shared with profile azure-iot-hub", "shared");
      return false;
    }
    if (given.equals("own") || given.equals("shared")) {
      return given.equals("own");
    }
    if (!given.isEmpty()) {
      refuse("files.connection", given, "own or shared", usual ? "own" : "shared");
    }
    return usual;
  }

  private MqttVersion version(Profile profile) {
    String given = config.mqtt_version().strip();
    boolean newer = given.equals("5") || given.equals("5.0");
    if (newer && profile == Profile.AZURE_IOT_HUB) {
      refuse("mqtt.version", given, "3.1.1 with profile azure-iot-hub", "3.1.1");
      return MqttVersion.V3_1_1;
    }
    if (!newer && !given.equals("3.1.1")) {
      refuse("mqtt.version", given, "3.1.1 or 5", "3.1.1");
    }
    return newer ? MqttVersion.V5 : MqttVersion.V3_1_1;
  }

  private Login login(Profile profile, String clientId) {
    String user = config.user().strip();
    Secret secret = () -> password(config, conf());
    boolean certificate = !config.client_certificate_file().isBlank();
    if (profile == Profile.AZURE_IOT_HUB) {
      return new SasLogin(
          user.isEmpty() ? Optional.empty() : Optional.of(user),
          clientId,
          certificate ? Optional.empty() : Optional.of(secret),
          Duration.ofSeconds(whole("token.seconds", 10, 31_536_000, 86_400)),
          Clock.systemUTC());
    }
    return user.isEmpty() ? Login.NONE : new PasswordLogin(user, secret);
  }

  private TlsFiles tls(Profile profile) {
    TlsFiles files = TlsFiles.NONE;
    if (!config.ca_file().isBlank()) {
      files = files.withCa(conf().resolve(config.ca_file().strip()));
    }
    String certificate = config.client_certificate_file().strip();
    String key = config.client_key_file().strip();
    if (!certificate.isEmpty() && !key.isEmpty()) {
      files = files.withIdentity(conf().resolve(certificate), conf().resolve(key));
    } else if (!certificate.isEmpty() || !key.isEmpty()) {
      problems.add(
          "client.certificate.file ["
              + certificate
              + "] and client.key.file ["
              + key
              + "] must be set both or neither; correct it in io.selvedge.mqtt.cfg. Until then the"
              + " gateway shows no certificate");
    }
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
      refuse("topic.control-prefix", given, "one level of a topic, without / + #", "$EDC");
      return "$EDC";
    }
    return given;
  }

  private int within(String name, int value, int least, int most) {
    if (value >= least && value <= most) {
      return value;
    }
    int nearest = value < least ? least : most;
    refuse(
        name,
        Integer.toString(value),
        least + " to " + most + " with this profile",
        Integer.toString(nearest));
    return nearest;
  }

  private Path conf() {
    return Path.of(property("selvedge.conf", "conf"));
  }

  OutboxOptions outbox() {
    OutboxOptions usual =
        OutboxOptions.defaults()
            .withBudget((long) whole("outbox.mib", 8, 65536, 512) * KIB * KIB)
            .withCommitInterval(Duration.ofMillis(whole("commit.interval.ms", 0, 10_000, 100)))
            .withWhenFull(WhenFull.DROP_OLDEST);
    Shares shares = shares();
    String whenFull = whenFull();
    boolean rewrites = whenFull.equals(THIN_OUT) || !shares.isNone();
    long least = (long) OutboxOptions.LEAST_TO_REWRITE * usual.segmentSize();
    if (rewrites && !whenFull.equals(REFUSE_NEWEST) && usual.budget() < least) {
      problems.add(
          "outbox.mib ["
              + usual.budget() / KIB / KIB
              + "] must be at least ["
              + least / KIB / KIB
              + "] for thin-out and for shares; raise it in io.selvedge.mqtt.cfg. Until then"
              + " ["
              + DROP_OLDEST
              + "] without shares counts");
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
      refuse("outbox.thin.interval", given, "PT1S to P1D, for example PT5M", "PT5M");
    }
    return interval.orElse(Duration.ofMinutes(5));
  }

  private Shares shares() {
    try {
      return OutboxPolicies.shares(config.outbox_shares());
    } catch (IllegalArgumentException e) {
      problems.add(
          "outbox.shares: "
              + e.getMessage()
              + "; correct it in io.selvedge.mqtt.cfg. Until then none count");
      return Shares.NONE;
    }
  }

  LinkSwitch.Rules link() {
    return new LinkSwitch.Rules(
        linkState(),
        linkSchedule(),
        whole("link.slow.priority", 0, 9, 6),
        whole("link.metered.priority", 0, 9, 3));
  }

  private LinkSchedule linkSchedule() {
    try {
      return LinkSchedule.parse(config.link_schedule());
    } catch (IllegalArgumentException e) {
      problems.add(
          "link.schedule: "
              + e.getMessage()
              + "; correct it in io.selvedge.mqtt.cfg. Until then there is none");
      return LinkSchedule.NONE;
    }
  }

  LinkMeter.Limits linkLimits() {
    return new LinkMeter.Limits(
        flag("link.measured", true),
        Duration.ofMillis(whole("link.slow.round.trip.ms", 10, 60_000, 2000)),
        whole("link.slow.bytes.per.second", 0, 100_000_000, 2000));
  }

  Identity identity(Settings settings) {
    return new Identity(
        config.display_name().isBlank() ? settings.gateway() : config.display_name().strip(),
        position(),
        new PayloadFormat(encoding(), flag("encode.gzip", true)),
        Duration.ofSeconds(whole("birth.delay.seconds", 1, 3600, 30)),
        flag("reply.stack", false));
  }

  private PayloadEncoding encoding() {
    String given = config.payload_encoding().strip();
    PayloadEncoding usual = PayloadEncoding.KURA_PROTOBUF;
    Optional<PayloadEncoding> named = PayloadEncoding.named(given);
    if (named.isEmpty()) {
      String rule = "one of " + PayloadEncoding.settings();
      refuse("payload.encoding", given, rule, usual.setting());
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
      problems.add(
          e.getMessage() + "; correct it in io.selvedge.mqtt.cfg. Until then none is told");
      return Optional.empty();
    }
  }

  private boolean flag(String name, boolean otherwise) {
    Object given = properties.get(name);
    String text = given == null ? Boolean.toString(otherwise) : given.toString().strip();
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return text.equalsIgnoreCase("true");
    }
    refuse(name, text, "true or false", Boolean.toString(otherwise));
    return otherwise;
  }

  private LinkState linkState() {
    String given = config.link().strip();
    for (LinkState state : LinkState.values()) {
      if (LinkSwitch.word(state).equalsIgnoreCase(given)) {
        return state;
      }
    }
    refuse("link", given, "normal, slow, metered or off", "normal");
    return LinkState.NORMAL;
  }

  private String account(String gateway) {
    String usual = property("selvedge.account", "selvedge");
    String wanted = config.account().isBlank() ? usual : config.account().strip();
    try {
      KuraTopic.inbox(wanted, gateway);
      return wanted;
    } catch (IllegalArgumentException e) {
      problems.add(e.getMessage() + "; [" + usual + "] counts");
      return usual;
    }
  }

  private List<URI> endpoints() {
    try {
      return Endpoints.parse(config.broker());
    } catch (IllegalArgumentException e) {
      problems.add(
          e.getMessage()
              + "; correct broker in io.selvedge.mqtt.cfg. Until then messages wait in the outbox");
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
    refuse("outbox.when.full", given, "drop-oldest, refuse-newest or thin-out", DROP_OLDEST);
    return DROP_OLDEST;
  }

  Path data() {
    return Path.of(property("selvedge.data", "data"));
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
            + "; correct it in io.selvedge.mqtt.cfg. Until then ["
            + otherwise
            + "] counts");
  }
}
