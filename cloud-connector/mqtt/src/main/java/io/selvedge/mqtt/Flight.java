package io.selvedge.mqtt;

import io.selvedge.outbox.OutRecord;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is under way on one connection. Begins with the whole window, or with one message where the
 * connection before broke without an acknowledgement; then each acknowledgement doubles it.
 */
final class Flight {

  private static final long SLOWEST_BYTES_PER_SECOND = 2000;

  private final int window;
  private final long patienceMillis;
  private final Map<Long, OutRecord> underWay = new LinkedHashMap<>();
  private long bytesUnderWay;
  private int limit;
  private int taken;
  private long acknowledged;
  private long progressAt = System.nanoTime();

  /**
   * @param patience for an acknowledgement, beside the time that a slow link takes
   */
  Flight(int window, boolean careful, Duration patience) {
    this.window = window;
    patienceMillis = patience.toMillis();
    limit = careful ? 1 : window;
  }

  /**
   * Waits for room; false where there was none in time. Where the window is full it waits for room
   * for a part of it, as long as there is time, so that not each acknowledgement wakes the thread.
   */
  synchronized boolean tryEnter(long millis) throws InterruptedException {
    if (taken >= limit) {
      long end = System.nanoTime() + millis * 1_000_000;
      long left = millis;
      while (!isRoomEnough() && left > 0) {
        wait(left);
        left = (end - System.nanoTime()) / 1_000_000;
      }
    }
    if (taken >= limit) {
      return false;
    }
    taken++;
    return true;
  }

  private boolean isRoomEnough() {
    return limit - taken >= Math.max(1, limit / 4);
  }

  /** Gives the room back unused. */
  synchronized void leave() {
    giveBack();
  }

  private void giveBack() {
    taken--;
    if (isRoomEnough() || underWay.isEmpty()) {
      notifyAll();
    }
  }

  synchronized void sent(OutRecord record) {
    if (underWay.isEmpty()) {
      progressAt = System.nanoTime();
    }
    if (underWay.put(record.id(), record) == null) {
      bytesUnderWay += record.payload().length;
    }
  }

  /** It was not sent after all; the room is given back. */
  synchronized void forget(OutRecord record) {
    remove(record);
    giveBack();
  }

  private void remove(OutRecord record) {
    if (underWay.remove(record.id()) != null) {
      bytesUnderWay -= record.payload().length;
    }
  }

  synchronized void acknowledged(OutRecord record) {
    remove(record);
    acknowledged++;
    progressAt = System.nanoTime();
    limit += Math.min(limit, window - limit);
    giveBack();
  }

  /** It was sent at QoS 0: it is over, but nothing says that the broker took it. */
  synchronized void written(OutRecord record) {
    remove(record);
    progressAt = System.nanoTime();
    giveBack();
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
    long patience = patienceMillis + bytesUnderWay * 1000 / SLOWEST_BYTES_PER_SECOND;
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
