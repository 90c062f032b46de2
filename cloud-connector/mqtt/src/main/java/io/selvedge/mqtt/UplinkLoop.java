package io.selvedge.mqtt;

import io.selvedge.mqtt.client.ConnectionException;
import io.selvedge.mqtt.client.ConnectionException.Kind;
import io.selvedge.mqtt.client.Endpoints;
import io.selvedge.mqtt.client.Patience;
import io.selvedge.mqtt.client.Pause;
import io.selvedge.protocol.kura.KuraTopic.Stage;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The thread {@code selvedge-uplink}: keeps a connection, and pumps the outbox into it.
 *
 * <pre>
 *            ┌─────────── pause ◀──────────┐
 *            ▼                             │ refused, unreachable
 *        connecting ───────────────────────┤
 *            │ subscribed, births sent     │ lost
 *            ▼                             │
 *         connected ───────────────────────┘
 * </pre>
 */
final class UplinkLoop {

  /** Hears of the connection, on the loop's thread; must not block. */
  interface Listener {
    void up(Session session);

    void down(URI endpoint, String reason);

    /** The connection has ended gently, and is made anew at once. */
    void renewing(URI endpoint, String reason);
  }

  private static final long STOP_MILLIS = 8000;
  private static final Duration STEADY = Duration.ofSeconds(10);

  private final Settings settings;
  private final Births births;
  private final Pump pump;
  private final Endpoints endpoints;
  private final Pause pause;
  private final Renewal renewal;
  private final Patience patience;
  private final Listener listener;
  private final BiConsumer<String, byte[]> arrived;
  private final Consumer<String> warn;
  private final Thread thread;
  private volatile boolean stopping;
  private Optional<String> renewing = Optional.empty();

  UplinkLoop(
      Settings settings,
      Births births,
      Pump pump,
      Pause pause,
      Renewal renewal,
      Listener listener,
      BiConsumer<String, byte[]> arrived,
      Consumer<String> warn) {
    this.settings = settings;
    this.births = births;
    this.pump = pump;
    endpoints = new Endpoints(settings.endpoints());
    this.pause = pause;
    this.renewal = renewal;
    patience = new Patience(settings.connectionTimeout());
    this.listener = listener;
    this.arrived = arrived;
    this.warn = warn;
    thread = new Thread(this::run, "selvedge-uplink");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  void close() {
    stopping = true;
    thread.interrupt();
    boolean interrupted = false;
    try {
      thread.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (thread.isAlive()) {
      warn.accept("Thread [selvedge-uplink] did not end within [8] s");
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!stopping) {
      try {
        Duration wait = attempt();
        TimeUnit.NANOSECONDS.sleep(wait.toNanos());
      } catch (InterruptedException e) {
        // by close(): the loop ends; nobody else interrupts this thread
      } catch (RuntimeException e) { // whatever one connection met, the next one is tried
        listener.down(endpoints.current(), "connection met [" + e + "]");
        pauseQuietly(pause.afterRefusal());
      }
    }
  }

  private void pauseQuietly(Duration wait) {
    try {
      TimeUnit.NANOSECONDS.sleep(wait.toNanos());
    } catch (InterruptedException e) {
      // by close()
    }
  }

  /** Connects, works as long as the connection holds, and says how long to wait. */
  private Duration attempt() throws InterruptedException {
    URI endpoint = endpoints.current();
    Session session;
    try {
      session = connect(endpoint);
    } catch (ConnectionException e) {
      listener.down(endpoint, Failure.reason(endpoint, settings, e));
      endpoints.failed();
      if (!endpoints.isFirst()) {
        return Duration.ZERO; // the pause comes when all have been tried
      }
      return e.kind() == Kind.UNREACHABLE || e.kind() == Kind.SILENT
          ? pause.afterUnreachable()
          : pause.afterRefusal();
    }
    return work(session);
  }

  private Duration work(Session session) throws InterruptedException {
    long since = System.nanoTime();
    listener.up(session);
    renewal.begin(session);
    renewing = Optional.empty();
    boolean delivered = false;
    try {
      delivered = pump.run(session, () -> isRenewalDue(session));
    } finally {
      end(session);
    }
    endpoints.restart();
    if (renewing.isPresent()) {
      return Duration.ZERO;
    }
    boolean steady = System.nanoTime() - since > STEADY.toNanos() && !pump.wasDenied();
    return delivered || steady ? pause.afterWorking() : pause.afterRefusal();
  }

  private boolean isRenewalDue(Session session) {
    renewing = renewal.due(session);
    return renewing.isPresent();
  }

  private void end(Session session) throws InterruptedException {
    String why = "connection to [" + session.endpoint() + "] is lost: " + session.whyLost();
    if (stopping) {
      session.leave(births.disconnect());
      why = "the gateway stops";
    } else if (renewing.isPresent() && !session.isLost()) {
      session.renew();
      listener.renewing(session.endpoint(), renewing.get());
      return;
    }
    session.close();
    listener.down(session.endpoint(), why);
  }

  private Session connect(URI endpoint) throws ConnectionException, InterruptedException {
    long start = System.nanoTime();
    Session session = Session.open(settings, endpoint, patience.next(), births.will(), arrived);
    patience.worked(Duration.ofNanos(System.nanoTime() - start));
    try {
      session.publishNow(Stage.BIRTH, births.birth());
      return session;
    } catch (ConnectionException e) {
      session.close();
      String reason = e.reason() + ", when it was sent the birth";
      throw new ConnectionException(e.kind(), reason, e);
    } catch (InterruptedException | RuntimeException e) {
      session.close();
      throw e;
    }
  }
}
