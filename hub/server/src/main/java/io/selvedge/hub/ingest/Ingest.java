package io.selvedge.hub.ingest;

import io.selvedge.hub.link.Connection;
import io.selvedge.hub.link.Delivery;
import io.selvedge.hub.store.Arrival;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes messages from the broker, stores them in batches and acknowledges each only when it is
 * stored. While the store does not answer it waits and tries again; a message that the store can
 * never take becomes a dead letter, so that it stops nothing.
 *
 * <p>Thread {@code hub-ingest}. What waits is bounded by number and by bytes. When it is full, the
 * connection is read no further; when it stays full, the connection is closed until there is room
 * again, for one that is never read looks dead to both its ends. The broker keeps the rest.
 */
public final class Ingest implements Connection.Inbox, AutoCloseable {

  /** Stores all of them or none; what it throws decides whether they are tried again. */
  @FunctionalInterface
  public interface Store {
    void store(List<Arrival> batch);
  }

  private static final Logger log = LoggerFactory.getLogger(Ingest.class);
  private static final int MOST_WAITING = 2000;
  private static final long MOST_WAITING_BYTES = 16L << 20;
  private static final long PATIENCE_MILLIS = 20_000; // below a keep-alive
  private static final int BATCH = 500;
  private static final long BATCH_BYTES =
      4L << 20; // decoded and bound they take several times that
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  // A broker that lets 20 messages be on their way sends no more until these are acknowledged.
  private static final int WINDOW = 16;
  private static final long WINDOW_LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
  private static final long LONGEST_PAUSE_MILLIS = 5000;

  private record Taken(Delivery delivery, Arrival arrival) {}

  private final Decoder decoder;
  private final Store store;
  private final Supplier<Optional<String>> obstacle;
  private final Backlog backlog = new Backlog(MOST_WAITING, MOST_WAITING_BYTES);
  private final Thread thread = new Thread(this::run, "hub-ingest");
  private volatile boolean open = true;
  private volatile String trouble = ""; // why it does not store; empty: it does

  /**
   * @param obstacle asked before each batch: why nothing may be stored now; empty: it may
   */
  public Ingest(Decoder decoder, Store store, Supplier<Optional<String>> obstacle) {
    this.decoder = decoder;
    this.store = store;
    this.obstacle = obstacle;
  }

  public void start() {
    thread.start();
  }

  @Override
  public boolean take(Delivery delivery) throws InterruptedException {
    return backlog.offer(delivery, PATIENCE_MILLIS);
  }

  @Override
  public boolean ready() {
    return trouble.isEmpty() && backlog.half();
  }

  /** Why what arrives is not stored; empty where it is. */
  public Optional<String> trouble() {
    if (thread.getState() == Thread.State.TERMINATED) {
      return Optional.of("its thread has ended; its log says why");
    }
    return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
  }

  private void run() {
    List<Delivery> batch = new ArrayList<>(BATCH);
    try {
      while (open) {
        Optional<Delivery> first = backlog.poll(TimeUnit.MILLISECONDS.toNanos(200));
        if (first.isPresent()) {
          batch.add(first.get());
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
    long bytes = batch.get(0).payload().length;
    while (batch.size() < BATCH && bytes < BATCH_BYTES && open) {
      long left = until - System.nanoTime();
      Optional<Delivery> next =
          backlog.poll(batch.size() < WINDOW ? left : Math.min(left, WINDOW_LINGER_NANOS));
      if (next.isEmpty()) {
        return;
      }
      batch.add(next.get());
      bytes += next.get().payload().length;
    }
  }

  private void handle(List<Delivery> batch) throws InterruptedException {
    List<Taken> taken = new ArrayList<>(batch.size());
    for (Delivery one : batch) {
      taken.add(new Taken(one, decoder.decode(one.topic(), one.payload(), one.received())));
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
    String reason = "the store refused it; see the log of " + one.delivery().received();
    Arrival dead =
        Decoder.dead(
            delivery.topic(),
            "store.refused",
            reason,
            delivery.payload(),
            one.delivery().received());
    if (!stored(List.of(new Taken(delivery, dead)))) {
      log.error("A message on [{}] can neither be stored nor set aside; dropped", delivery.topic());
    }
  }

  /** False where the store can never take it. Waits as long as the store does not answer. */
  private boolean stored(List<Taken> taken) throws InterruptedException {
    List<Arrival> arrivals = taken.stream().map(Taken::arrival).toList();
    long pause = 100;
    while (true) {
      Optional<String> why = obstacle.get();
      if (why.isPresent()) {
        troubled(why.get());
      } else {
        try {
          store.store(arrivals);
          well();
          return true;
        } catch (RuntimeException e) {
          if (isAboutTheData(e)) {
            log.warn("The store refused one of {} messages", arrivals.size(), e);
            return false;
          }
          log.debug("Not stored", e);
          troubled("the store does not take messages: " + root(e));
        }
      }
      if (!open) {
        throw new InterruptedException();
      }
      TimeUnit.MILLISECONDS.sleep(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
    }
  }

  private void troubled(String why) {
    if (trouble.isEmpty()) {
      log.warn("Messages wait at the broker: {}", why);
    }
    trouble = why;
  }

  private void well() {
    if (!trouble.isEmpty()) {
      log.info("The store takes messages again");
      trouble = "";
    }
  }

  private static String root(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }

  /**
   * SQL states of class 22 (data) and 23 (constraint), and what is no matter of the database at
   * all: trying again changes nothing. Anything else that the database or its pool says, said with
   * a state or without, may be over later.
   */
  private static boolean isAboutTheData(Throwable thrown) {
    boolean ofTheDatabase = false;
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        ofTheDatabase = true;
        String state = sql.getSQLState();
        if (state != null && (state.startsWith("22") || state.startsWith("23"))) {
          return true;
        }
      }
    }
    return !ofTheDatabase;
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
