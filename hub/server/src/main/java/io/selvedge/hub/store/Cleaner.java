package io.selvedge.hub.store;

import io.selvedge.hub.store.Retention.Kind;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Once an hour deletes what is older than it shall be kept. Thread {@code hub-retention}. */
public final class Cleaner implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Cleaner.class);
  private static final long FIRST_SECONDS = 60;
  private static final long PERIOD_SECONDS = 3600;
  private static final long BETWEEN_BATCHES_MILLIS = 20; // messages are stored meanwhile

  private final Retention retention;
  private final Map<Kind, Integer> keepDays;
  private final Clock clock;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "hub-retention");

  /**
   * @param keepDays by kind; what is not there is kept for ever
   */
  public Cleaner(Retention retention, Map<Kind, Integer> keepDays, Clock clock) {
    this.retention = retention;
    this.keepDays = Map.copyOf(keepDays);
    this.clock = clock;
  }

  public void start() {
    if (!keepDays.isEmpty()) {
      thread.start();
    }
  }

  private void run() {
    try {
      long wait = FIRST_SECONDS;
      while (!closed.await(wait, TimeUnit.SECONDS)) {
        keepDays.forEach(this::clean);
        wait = PERIOD_SECONDS;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void clean(Kind kind, int days) {
    try {
      long deleted =
          retention.delete(kind, clock.instant().minus(Duration.ofDays(days)), this::pause);
      if (deleted > 0) {
        log.info("Deleted {} {} older than {} days", deleted, kind.text(), days);
      }
    } catch (RuntimeException e) { // the store is away: an hour later will do
      log.warn("What is older than {} days of {} was not deleted", days, kind.text(), e);
    }
  }

  private boolean pause() {
    try {
      return !closed.await(BETWEEN_BATCHES_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      closed.countDown();
      return false;
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
