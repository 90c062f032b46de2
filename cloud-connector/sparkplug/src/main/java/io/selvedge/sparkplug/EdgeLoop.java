package io.selvedge.sparkplug;

import io.selvedge.mqtt.client.ConnectionException;
import io.selvedge.mqtt.client.Endpoints;
import io.selvedge.mqtt.client.Pause;
import io.selvedge.outbox.OutRecord;
import io.selvedge.sparkplug.EdgeSession.End;
import io.selvedge.sparkplug.EdgeSession.Parts;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread {@code selvedge-sparkplug}: one session after the other, with one broker at a time.
 *
 * <pre>
 *            ┌─────────── pause ◀────── next broker ◀──────┐
 *            ▼                                             │ refused, unreachable, no host
 *        connecting ─────────▶ session ────────────────────┤
 *            ▲                    │ lost                   │ primary host gone, next server
 *            └────── pause ◀──────┘                        ┘ (without a pause)
 * </pre>
 */
final class EdgeLoop {

  /** Hears of the session, on the loop's thread; must not block. */
  interface Listener {
    void up(URI endpoint);

    void down(URI endpoint, String reason);
  }

  private static final Logger log = LoggerFactory.getLogger(EdgeLoop.class);

  private static final Duration STEADY = Duration.ofSeconds(10);
  private static final Duration WITHOUT_HOST = Duration.ofMillis(500);
  private static final long STOP_MILLIS = 4000;

  private final Parts parts;
  private final BdSeq numbers;
  private final Endpoints endpoints;
  private final Pause pause;
  private final Listener listener;
  private final Thread thread;
  private final CountDownLatch stop;

  /**
   * @param stop ends the loop; {@code parts.stopping()} looks at the same
   */
  EdgeLoop(Parts parts, BdSeq numbers, Pause pause, Listener listener, CountDownLatch stop) {
    this.parts = parts;
    this.numbers = numbers;
    this.pause = pause;
    this.listener = listener;
    this.stop = stop;
    endpoints = new Endpoints(parts.settings().endpoints());
    thread = new Thread(this::run, "selvedge-sparkplug");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Ends the session with its death, and the thread. */
  void close() {
    stop.countDown();
    boolean interrupted = false;
    try {
      thread.join(STOP_MILLIS);
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join(STOP_MILLIS);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (thread.isAlive()) {
      log.warn("Thread [selvedge-sparkplug] did not end within [8] s");
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean stopping() {
    return stop.getCount() == 0;
  }

  private void run() {
    try {
      while (!stopping()) {
        Duration wait;
        try {
          wait = attempt();
        } catch (RuntimeException | Error e) { // whatever one session met, the next one is tried
          log.warn("A session failed", e);
          listener.down(endpoints.current(), "session met [" + e + "]");
          wait = pause.afterRefusal();
        }
        stop.await(wait.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      // by close(); nobody else interrupts this thread
    }
  }

  private Duration attempt() throws InterruptedException {
    URI endpoint = endpoints.current();
    long number = number();
    parts.inbox().clear();
    Link link;
    try {
      link = Link.open(parts.settings(), endpoint, parts.node().death(number), parts.inbox());
    } catch (IOException e) {
      boolean unreachable =
          e instanceof ConnectionException known
              && known.kind() == ConnectionException.Kind.UNREACHABLE;
      if (!wasConnectSent(e)) {
        numbers.giveBack();
      }
      listener.down(endpoint, Failures.text(e));
      endpoints.failed();
      return unreachable ? pause.afterUnreachable() : pause.afterRefusal();
    }
    return work(link, number);
  }

  private static boolean wasConnectSent(IOException failure) {
    return failure instanceof ConnectionException known
        && switch (known.kind()) {
          case UNREACHABLE, TLS, FILE -> false;
          default -> true;
        };
  }

  private long number() {
    try {
      return numbers.take();
    } catch (IOException e) {
      parts.reporter().problem("Sparkplug: number of the session is not kept: " + Failures.text(e));
      return numbers.last();
    }
  }

  private Duration work(Link link, long number) throws InterruptedException {
    long since = System.nanoTime();
    EdgeSession session = new EdgeSession(parts, link, number, up -> listener.up(up.endpoint()));
    parts.settlement().begin();
    End end = End.LOST;
    try {
      end = session.run();
    } catch (ConnectionException e) {
      if (!link.isLost()) {
        link.giveUp(e.reason());
      }
    } finally {
      parts.sessions().end();
      parts.fastLane().end();
      finish(link, session, number, end);
    }
    boolean steady = System.nanoTime() - since > STEADY.toNanos();
    return switch (end) {
      case STOPPED -> Duration.ZERO;
      case LOST -> steady ? pause.afterWorking() : pause.afterRefusal();
      case NEXT_SERVER -> Duration.ZERO;
      case NO_HOST -> session.isBorn() ? Duration.ZERO : WITHOUT_HOST;
    };
  }

  /**
   * A node that was born says that it goes, and where the gateway stops, that its devices do. One
   * that was not says nothing, since a birth is to be the first that it publishes; the broker
   * publishes its last will.
   */
  private void finish(Link link, EdgeSession session, long number, End end)
      throws InterruptedException {
    String why =
        switch (end) {
          case LOST -> "connection to [" + link.endpoint() + "] is lost: " + link.whyLost();
          case NO_HOST -> "the primary host is not online at [" + link.endpoint() + "]";
          case NEXT_SERVER -> "a host sent the node from [" + link.endpoint() + "] on";
          case STOPPED -> "the gateway stops";
        };
    Settlement settlement = parts.settlement();
    if (end != End.LOST && session.isBorn()) {
      List<OutRecord> sent = settlement.open();
      List<Outgoing> devices = end == End.STOPPED ? parts.node().deaths() : List.of();
      if (link.leave(devices, parts.node().death(number))) {
        sent.forEach(parts.outbox()::delivered);
      }
    }
    boolean broken = end == End.LOST && link.isBroken();
    link.close();
    settlement.end(broken).ifPresent(this::refuse);
    parts.node().ended();
    parts.outbox().handBack();
    if (end == End.NO_HOST || end == End.NEXT_SERVER) {
      endpoints.failed();
    }
    listener.down(link.endpoint(), why);
  }

  private void refuse(OutRecord record) {
    String why =
        "the broker closed ["
            + Settlement.MOST_BREAKS
            + "] connections in a row when it was sent these ["
            + record.payload().length
            + "] bytes";
    parts.outbox().refused(record, why);
    parts.reporter().deadLetter(record.id(), why);
  }
}
