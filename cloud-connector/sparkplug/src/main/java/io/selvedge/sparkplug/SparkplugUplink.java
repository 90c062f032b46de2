package io.selvedge.sparkplug;

import io.selvedge.api.device.Devices;
import io.selvedge.api.event.Events;
import io.selvedge.api.uplink.Deliveries;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.OutboxView;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.mqtt.client.Pause;
import io.selvedge.mqtt.ledger.DeliveryLedger;
import io.selvedge.mqtt.ledger.OutboxInspector;
import io.selvedge.outbox.Outbox;
import io.selvedge.outbox.OutboxStatus;
import io.selvedge.outbox.SegmentOutbox;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The gateway as an edge node of Sparkplug B 3.0, with an outbox of its own. */
@Component(
    service = Uplink.class,
    immediate = true,
    property = Uplink.NAME + "=sparkplug",
    configurationPid = "io.selvedge.sparkplug",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SparkplugConfig.class)
public final class SparkplugUplink implements Uplink {

  private final Clock clock = Clock.systemUTC();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Sessions sessions = new Sessions(ThreadLocalRandom.current().nextLong());
  private final FastLane fastLane = new FastLane();
  private final Outbox outbox;
  private final DeliveryLedger ledger;
  private final Optional<EdgeLoop> loop;
  private volatile State state;

  /** What there is to say of the session. */
  private record State(boolean connected, String endpoint, Instant since, String reason) {}

  /**
   * @param properties as they stand in the file
   * @throws IOException where the folder for its state cannot be made
   */
  @Activate
  public SparkplugUplink(
      BundleContext context,
      SparkplugConfig config,
      Map<String, Object> properties,
      @Reference(name = "devices") Devices devices,
      @Reference(name = "events") Events events)
      throws IOException {
    Reporter reporter = new Reporter(events);
    Configured configured = new Configured(config, properties, context);
    Settings settings = configured.settings();
    Path own = Files.createDirectories(configured.data().resolve("sparkplug"));
    BdSeq numbers = new BdSeq(own.resolve("bdseq"));
    outbox =
        SegmentOutbox.open(
            configured.data().resolve("outbox-sparkplug"),
            configured.outbox().withClock(clock).withReport(reporter::damaged));
    ledger = ledger(configured.data().resolve("distribution/sparkplug/deliveries"), reporter);
    configured.problems().forEach(reporter::refused);
    boolean reachable = !settings.endpoints().isEmpty();
    state =
        new State(
            false,
            config.broker().strip(),
            clock.instant(),
            reachable ? "starting" : configured.problems().get(0));
    loop =
        reachable ? Optional.of(loop(settings, devices, reporter, numbers, own)) : Optional.empty();
    loop.ifPresent(EdgeLoop::start);
  }

  private DeliveryLedger ledger(Path directory, Reporter reporter) throws IOException {
    try {
      return new DeliveryLedger(
          directory, outbox, clock, "selvedge-sparkplug-ledger", reporter::ledger);
    } catch (IOException e) {
      outbox.close();
      throw e;
    }
  }

  private EdgeLoop loop(
      Settings settings, Devices devices, Reporter reporter, BdSeq numbers, Path own) {
    EdgeNode node =
        new EdgeNode(
            settings.id(),
            devices,
            clock,
            settings.aliases(),
            settings.endpoints().size() > 1,
            settings.complex(),
            settings.largestMessage(),
            new Names(
                own.resolve(settings.complex() ? "metrics-complex" : "metrics"),
                clock,
                why -> reporter.problem("Sparkplug: " + why)));
    Books books = new Books(ledger, clock);
    EdgeSession.Parts parts =
        new EdgeSession.Parts(
            settings,
            node,
            new Commands(node),
            devices,
            outbox,
            new Settlement(books::delivered, settings.window()),
            books,
            new Inbox(reporter),
            reporter,
            sessions,
            fastLane,
            () -> stop.getCount() == 0);
    Pause pause = new Pause(settings.longestPause(), ThreadLocalRandom.current()::nextDouble);
    return new EdgeLoop(parts, numbers, pause, new Watch(reporter), stop);
  }

  @Deactivate
  public void close() {
    loop.ifPresent(EdgeLoop::close);
    outbox.close();
    ledger.close();
  }

  @Override
  public Optional<Deliveries> deliveries() {
    return Optional.of(ledger);
  }

  @Override
  public Optional<OutboxView> outbox() {
    return Optional.of(new OutboxInspector(outbox, StoredMessage::content));
  }

  /** Hears of the session, on the loop's thread. */
  private final class Watch implements EdgeLoop.Listener {

    private final Reporter reporter;

    Watch(Reporter reporter) {
      this.reporter = reporter;
    }

    @Override
    public void up(URI endpoint) {
      state = new State(true, endpoint.toString(), clock.instant(), "");
      reporter.up(endpoint);
    }

    @Override
    public void down(URI endpoint, String reason) {
      State before = state;
      Instant since = before.connected() ? clock.instant() : before.since();
      state = new State(false, endpoint.toString(), since, reason);
      reporter.down(reason);
    }
  }

  @Override
  public CompletionStage<Long> send(Message message) {
    byte[] stored;
    try {
      stored = StoredMessage.bytes(message, sessions.stamp(), clock.millis());
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(e);
    }
    return outbox
        .append(message.source(), message.priority(), message.timeToLive(), stored)
        .thenApply(
            id -> {
              fastLane.accepted(id, stored);
              return id;
            });
  }

  @Override
  public CompletionStage<Reply> request(String app, Request request, Duration timeout) {
    return CompletableFuture.failedFuture(
        new UnsupportedOperationException(
            "request ["
                + app
                + '/'
                + request.method()
                + '/'
                + request.resource()
                + "] cannot be made over Sparkplug, which has no requests; use the uplink ["
                + HUB
                + "]"));
  }

  @Override
  public Status status() {
    State now = state;
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
}
