package io.selvedge.mqtt;

import io.selvedge.mqtt.client.ConnectionException;
import io.selvedge.mqtt.client.PublishListener;
import io.selvedge.protocol.kura.KuraTopic.Stage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the hub what changes while a connection lasts: held back for a while and merged into one,
 * since applications come and go together when a bundle is updated. The time runs from the first
 * change, so that changes without end hold nothing back without end; what is as it was told is not
 * told again. All of it happens on the executor, which has one thread.
 */
final class HeldBirths {

  /** Publishes at QoS 1 over one connection. */
  interface Way {
    void publish(Stage stage, byte[] payload, PublishListener listener) throws ConnectionException;
  }

  private static final Logger log = LoggerFactory.getLogger(HeldBirths.class);

  private final Births births;
  private final Duration delay;
  private final ScheduledExecutorService executor;
  private Optional<Way> way = Optional.empty();
  private Optional<Future<?>> held = Optional.empty();

  HeldBirths(Births births, Duration delay, ScheduledExecutorService executor) {
    this.births = births;
    this.delay = delay;
    this.executor = executor;
  }

  /** Something may have changed. On any thread. */
  void changed() {
    later(this::hold);
  }

  /** A birth was sent over this connection. On any thread. */
  void up(Way connection) {
    later(
        () -> {
          way = Optional.of(connection);
          hold(); // what changed between the birth and now
        });
  }

  /** There is no connection any more; the next one begins with a birth. On any thread. */
  void down() {
    later(() -> way = Optional.empty());
  }

  private void later(Runnable work) {
    if (!executor.isShutdown()) {
      executor.execute(work);
    }
  }

  private void hold() {
    if (held.isEmpty() && way.isPresent() && births.due().isPresent()) {
      held = Optional.of(executor.schedule(this::tell, delay.toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  private void tell() {
    held = Optional.empty();
    Optional<Stage> due = births.due();
    if (way.isEmpty() || due.isEmpty()) {
      return;
    }
    try {
      way.get().publish(due.get(), births.birth(), PublishListener.NONE);
    } catch (ConnectionException e) {
      log.debug("[{}] is not sent; the next connection begins with a birth: {}", due, e.reason());
    }
  }
}
