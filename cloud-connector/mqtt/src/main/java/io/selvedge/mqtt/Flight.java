package io.selvedge.mqtt;

import io.selvedge.outbox.OutRecord;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What is under way on one connection. Begins with the whole window, or with one message where the
 * connection before broke without an acknowledgement; then each acknowledgement doubles it.
 */
final class Flight {

  private static final long SLOWEST_BYTES_PER_SECOND = 2000;

  private final int window;
  private final long patienceMillis;
  private final Semaphore permits;
  private final Map<Long, OutRecord> underWay = new LinkedHashMap<>();
  private int limit;
  private long acknowledged;
  private long progressAt = System.nanoTime();

  /**
   * @param patience for an acknowledgement, beside the time that a slow link takes
   */
  Flight(int window, boolean careful, Duration patience) {
    this.window = window;
    patienceMillis = patience.toMillis();
    limit = careful ? 1 : window;
    permits = new Semaphore(limit);
  }

  /** Waits for room; false where there was none in time. */
  boolean tryEnter(long millis) throws InterruptedException {
    return permits.tryAcquire(millis, TimeUnit.MILLISECONDS);
  }

  /** Gives the room back unused. */
  void leave() {
    permits.release();
  }

  synchronized void sent(OutRecord record) {
    if (underWay.isEmpty()) {
      progressAt = System.nanoTime();
    }
    underWay.put(record.id(), record);
  }

  /** It was not sent after all; the room is given back. */
  synchronized void forget(OutRecord record) {
    underWay.remove(record.id());
    permits.release();
  }

  synchronized void acknowledged(OutRecord record) {
    underWay.remove(record.id());
    acknowledged++;
    progressAt = System.nanoTime();
    int more = Math.min(limit, window - limit);
    limit += more;
    permits.release(1 + more);
    notifyAll();
  }

  /** It was sent at QoS 0: it is over, but nothing says that the broker took it. */
  synchronized void written(OutRecord record) {
    underWay.remove(record.id());
    progressAt = System.nanoTime();
    permits.release();
    notifyAll();
  }

  synchronized long acknowledged() {
    return acknowledged;
  }

  /** The record that was sent alone and never acknowledged, while nothing else was. */
  synchronized Optional<OutRecord> lonely() {
    return acknowledged == 0 && underWay.size() == 1
        ? Optional.of(underWay.values().iterator().next())
        : Optional.empty();
  }

  synchronized boolean isUnderWay() {
    return !underWay.isEmpty();
  }

  /** Nothing was acknowledged for longer than a slow link would take for what is under way. */
  synchronized boolean stalled() {
    long bytes = underWay.values().stream().mapToLong(record -> record.payload().length).sum();
    long patience = patienceMillis + bytes * 1000 / SLOWEST_BYTES_PER_SECOND;
    return !underWay.isEmpty() && System.nanoTime() - progressAt > patience * 1_000_000;
  }

  /** Waits until nothing is under way any more. */
  synchronized void drain(long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    long left = millis;
    while (!underWay.isEmpty() && left > 0) {
      wait(left);
      left = (end - System.nanoTime()) / 1_000_000;
    }
  }
}
