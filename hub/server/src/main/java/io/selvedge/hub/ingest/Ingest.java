package io.selvedge.hub.ingest;

import io.selvedge.hub.link.Delivery;
import io.selvedge.hub.store.Arrival;
import io.selvedge.hub.store.ArrivalStore;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes messages from the broker, stores them in batches and acknowledges each only when it is
 * stored. While the store does not answer it waits and tries again; a message that the store can
 * never take becomes a dead letter, so that it stops nothing.
 *
 * <p>Thread {@code hub-ingest}. Its queue is bounded; when it is full, {@link #offer} blocks, the
 * connection is read no further and the broker keeps the rest.
 */
public final class Ingest implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Ingest.class);
  private static final int QUEUE = 2000;
  private static final int BATCH = 500;
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LONGEST_PAUSE_MILLIS = 5000;

  private record Taken(Delivery delivery, Instant received, Arrival arrival) {}

  private final Decoder decoder;
  private final ArrivalStore store;
  private final Clock clock;
  private final BlockingQueue<Delivery> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Thread thread = new Thread(this::run, "hub-ingest");
  private volatile boolean open = true;
  private volatile boolean storing = true;

  public Ingest(Decoder decoder, ArrivalStore store, Clock clock) {
    this.decoder = decoder;
    this.store = store;
    this.clock = clock;
  }

  public void start() {
    thread.start();
  }

  /** Hands a message over; blocks while the queue is full. */
  public void offer(Delivery delivery) throws InterruptedException {
    queue.put(delivery);
  }

  /** False while the store does not take what arrives. */
  public boolean storing() {
    return storing && thread.isAlive();
  }

  private void run() {
    List<Delivery> batch = new ArrayList<>(BATCH);
    try {
      while (open) {
        Delivery first = queue.poll(200, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          gather(batch);
          handle(batch);
          batch.clear();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread()
          .interrupt(); // closed while it waited: what is not acknowledged returns
    }
  }

  /** A commit costs the same for one message as for many: waits a moment for more. */
  private void gather(List<Delivery> batch) throws InterruptedException {
    long until = System.nanoTime() + LINGER_NANOS;
    queue.drainTo(batch, BATCH - batch.size());
    while (batch.size() < BATCH && open) {
      Delivery next = queue.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        return;
      }
      batch.add(next);
      queue.drainTo(batch, BATCH - batch.size());
    }
  }

  private void handle(List<Delivery> batch) throws InterruptedException {
    Instant received = clock.instant();
    List<Taken> taken = new ArrayList<>(batch.size());
    for (Delivery one : batch) {
      taken.add(new Taken(one, received, decoder.decode(one.topic(), one.payload(), received)));
    }
    if (!stored(taken)) {
      for (Taken one : taken) {
        alone(one);
      }
    }
    batch.forEach(Delivery::acknowledge);
    for (Taken one : taken) {
      if (one.arrival() instanceof Arrival.Dead dead) {
        log.warn("Set aside a message on [{}]: {} {}", dead.topic(), dead.code(), dead.reason());
      }
    }
  }

  /** One by one, so that a single bad message does not hold up the others. */
  private void alone(Taken one) throws InterruptedException {
    if (stored(List.of(one))) {
      return;
    }
    Delivery delivery = one.delivery();
    String reason = "the store refused it; see the log of " + one.received();
    Arrival dead =
        Decoder.dead(delivery.topic(), "store.refused", reason, delivery.payload(), one.received());
    if (!stored(List.of(new Taken(delivery, one.received(), dead)))) {
      log.error("A message on [{}] can neither be stored nor set aside; dropped", delivery.topic());
    }
  }

  /** False where the store can never take it. Waits as long as the store does not answer. */
  private boolean stored(List<Taken> taken) throws InterruptedException {
    List<Arrival> arrivals = taken.stream().map(Taken::arrival).toList();
    long pause = 100;
    while (true) {
      try {
        store.store(arrivals);
        if (!storing) {
          storing = true;
          log.info("The store takes messages again");
        }
        return true;
      } catch (RuntimeException e) {
        if (isAboutTheData(e)) {
          log.warn("The store refused one of {} messages", arrivals.size(), e);
          return false;
        }
        if (storing) {
          storing = false;
          log.warn("The store does not take messages; they wait at the broker", e);
        }
        if (!open) {
          throw new InterruptedException();
        }
        TimeUnit.MILLISECONDS.sleep(pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
      }
    }
  }

  /**
   * SQL states of class 22 (data) and 23 (constraint), and what is no matter of the database at
   * all: trying again changes nothing.
   */
  private static boolean isAboutTheData(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState().startsWith("22") || sql.getSQLState().startsWith("23");
      }
    }
    return true;
  }

  @Override
  public void close() {
    open = false;
    try {
      thread.join(5000);
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join(1000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
