package io.selvedge.mqtt;

import io.selvedge.api.uplink.Deliveries;
import io.selvedge.api.uplink.Downloads;
import io.selvedge.api.uplink.LinkReason;
import io.selvedge.api.uplink.LinkState;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.OutboxView;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Traffic;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.mqtt.client.Pause;
import io.selvedge.mqtt.ledger.DeliveryLedger;
import io.selvedge.mqtt.ledger.OutboxInspector;
import io.selvedge.outbox.Outbox;
import io.selvedge.outbox.OutboxOptions;
import io.selvedge.outbox.OutboxStatus;
import io.selvedge.outbox.SegmentOutbox;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.PayloadFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The uplink over MQTT 3.1.1 in the Kura namespace, with the outbox before it. */
@Component(
    service = Uplink.class,
    immediate = true,
    property = {Uplink.NAME + "=" + Uplink.HUB, "service.ranking:Integer=100"},
    configurationPid = "io.selvedge.mqtt",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = MqttConfig.class)
public final class MqttUplink implements Uplink {

  private static final Logger log = LoggerFactory.getLogger(MqttUplink.class);

  private final Settings settings;
  private final Clock clock = Clock.systemUTC();
  private final Outbox outbox;
  private final LinkSwitch link;
  private final DeliveryLedger ledger;
  private final Whiteboard whiteboard;
  private final Reporter reporter;
  private final ScheduledThreadPoolExecutor calls;
  private final Requests requests;
  private final Answers answers;
  private final HeldBirths heldBirths;
  private final TrafficMeter traffic = new TrafficMeter(System::nanoTime);
  private final Downlink downlink;
  private final Optional<UplinkLoop> loop;
  private volatile Optional<Session> session = Optional.empty();
  private volatile Connection connection;

  /** What there is to say of the connection. */
  private record Connection(boolean connected, String endpoint, Instant since, String reason) {}

  @Activate
  public MqttUplink(BundleContext context, MqttConfig config, Map<String, Object> properties) {
    this(context, config, properties, SegmentOutbox::open);
  }

  /** With an outbox of another kind: for a benchmark that watches it, or cuts its power. */
  MqttUplink(
      BundleContext context,
      MqttConfig config,
      Map<String, Object> properties,
      BiFunction<Path, OutboxOptions, Outbox> open) {
    Configured configured = new Configured(config, properties, context);
    settings = configured.settings();
    calls = new ScheduledThreadPoolExecutor(1, work -> new Thread(work, "selvedge-uplink-calls"));
    whiteboard = new Whiteboard(context, calls);
    reporter = new Reporter(whiteboard::events);
    OutboxOptions options = configured.outbox();
    outbox =
        open.apply(
            configured.data().resolve("outbox"),
            options.withClock(clock).withReport(reporter::damaged));
    Path books = configured.data().resolve("distribution").resolve(Uplink.HUB);
    LinkMeter meter = new LinkMeter(configured.linkLimits(), System::nanoTime);
    link =
        new LinkSwitch(
            books.resolve("link"),
            configured.link(),
            outbox,
            meter,
            clock.withZone(ZoneId.systemDefault()),
            reporter::link);
    ledger = ledger(books.resolve("deliveries"));
    boolean reachable = !settings.endpoints().isEmpty();
    connection =
        new Connection(
            false,
            config.broker().strip(),
            clock.instant(),
            reachable ? "starting" : configured.problems().get(0));
    Identity identity = configured.identity(settings);
    requests = new Requests(settings, identity.format(), clock, calls);
    answers = new Answers(calls, System::nanoTime);
    downlink = new Downlink(settings, identity, whiteboard, answers::send, this::largest, clock);
    Births births =
        new Births(
            identity,
            name -> Optional.ofNullable(context.getProperty(name)).orElse(""),
            whiteboard,
            new Machine(Path.of("/")),
            clock);
    heldBirths = new HeldBirths(births, identity.birthDelay(), calls);
    loop = reachable ? Optional.of(loop(births, identity.format(), meter)) : Optional.empty();
    whiteboard.open(heldBirths::changed);
    configured.problems().forEach(reporter::refused);
    loop.ifPresent(UplinkLoop::start);
  }

  private DeliveryLedger ledger(Path directory) {
    try {
      return new DeliveryLedger(directory, outbox, clock, "selvedge-ledger", reporter::ledger);
    } catch (IOException e) {
      outbox.close();
      throw new UncheckedIOException("ledger [" + directory + "] cannot be opened", e);
    }
  }

  private int largest() {
    return session.map(Session::largestPayload).orElse(settings.largestMessage());
  }

  private UplinkLoop loop(Births births, PayloadFormat format, LinkMeter meter) {
    return new UplinkLoop(
        settings,
        births,
        new Pump(settings, format, outbox, link, meter, ledger, reporter, traffic),
        new Pause(settings.longestPause(), ThreadLocalRandom.current()::nextDouble),
        new Renewal(
            settings,
            clock,
            new Preferred(settings.endpoints(), settings.firstBrokerAgain()),
            reporter::certificate),
        new Connections(),
        this::arrived,
        log::warn);
  }

  @Deactivate
  public void close() {
    loop.ifPresent(UplinkLoop::close);
    whiteboard.close();
    downlink.close();
    requests.close();
    calls.shutdownNow();
    outbox.close();
    ledger.close();
  }

  @Override
  public CompletionStage<Long> send(Message message) {
    byte[] stored;
    try {
      stored = StoredMessage.bytes(message, clock.millis());
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(e);
    }
    return traffic.store(
        message,
        () -> outbox.append(message.source(), message.priority(), message.timeToLive(), stored));
  }

  @Override
  public Optional<Downloads> downloads() {
    return settings.ownFilesConnection()
        ? Optional.of(new FileDownloads(settings, () -> session.map(Session::endpoint)))
        : Optional.empty();
  }

  @Override
  public Traffic traffic() {
    return traffic.traffic();
  }

  @Override
  public Optional<OutboxView> outbox() {
    return Optional.of(new OutboxInspector(outbox, StoredMessage::content));
  }

  @Override
  public CompletionStage<Reply> request(String app, Request request, Duration timeout) {
    Optional<Session> now = session;
    if (now.isEmpty()) {
      String why = connection.reason();
      return CompletableFuture.failedFuture(
          new IOException(
              "hub cannot be asked ["
                  + app
                  + '/'
                  + request.method()
                  + '/'
                  + request.resource()
                  + "]: no connection: "
                  + why));
    }
    return requests.request(now.get(), app, request, timeout);
  }

  @Override
  public Status status() {
    Connection now = connection;
    OutboxStatus counts = outbox.status();
    return new Status(
        now.connected(),
        now.endpoint(),
        now.since(),
        now.reason(),
        outbox.id(),
        counts.accepted(),
        counts.delivered(),
        counts.total().droppedByName(),
        counts.pending());
  }

  @Override
  public LinkState link() {
    return link.state();
  }

  @Override
  public LinkReason linkReason() {
    return link.reason();
  }

  @Override
  public void link(LinkState state) {
    link.set(state);
  }

  @Override
  public void linkByItself() {
    link.letGo();
  }

  @Override
  public Optional<Deliveries> deliveries() {
    return Optional.of(ledger);
  }

  /** Hears of the connection, on the uplink's thread. */
  private final class Connections implements UplinkLoop.Listener {

    @Override
    public void up(Session up) {
      connection = new Connection(true, up.endpoint().toString(), clock.instant(), "");
      session = Optional.of(up);
      reporter.up(up.endpoint());
      heldBirths.up(up::publish);
      answers.up((topic, payload, fate) -> up.publish(topic, payload, 1, fate));
      calls.execute(whiteboard::connected);
    }

    @Override
    public void down(URI endpoint, String reason) {
      Connection before = connection;
      Instant since = before.connected() ? clock.instant() : before.since();
      connection = new Connection(false, endpoint.toString(), since, reason);
      gone(reason);
      reporter.down(reason);
    }

    private void gone(String reason) {
      if (session.isPresent()) {
        session = Optional.empty();
        heldBirths.down();
        answers.down();
        calls.execute(whiteboard::disconnected);
        requests.lost(reason);
      }
    }

    @Override
    public void renewing(URI endpoint, String reason) {
      connection = new Connection(false, endpoint.toString(), clock.instant(), reason);
      gone(reason);
      reporter.renewing(endpoint, reason);
    }
  }

  /** On the client's thread: hands over and returns. */
  private void arrived(String topic, byte[] payload) {
    Optional<KuraTopic> parsed = KuraTopic.parse(topic);
    if (parsed.isEmpty()) {
      log.debug("Topic [{}] has no known form", topic);
    } else if (parsed.get() instanceof KuraTopic.Answer answer) {
      requests.replied(answer, payload);
    } else if (parsed.get() instanceof KuraTopic.Call call) {
      downlink.arrived(call, payload);
    } else if (parsed.get() instanceof KuraTopic.WrongCall wrong) {
      downlink.arrived(wrong, payload);
    }
  }
}
