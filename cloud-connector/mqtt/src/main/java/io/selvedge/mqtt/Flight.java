package io.selvedge.mqtt;

import io.selvedge.outbox.OutRecord;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is under way on one connection. Begins with the whole window. Where a record is suspected of
 * breaking connections it begins with one message at a time, until that record is acknowledged;
 * then each acknowledgement doubles the room.
 */
final class Flight {

  private static final long SLOWEST_BYTES_PER_SECOND = 2000;
  private static final long LATELY_NANOS = 10_000_000_000L;

  /** After so many others the suspect, which may have expired, is no longer waited for. */
  private static final int MOST_BEFORE_SUSPECT = 1000;

  private final int window;
  private final long patienceMillis;
  private final OptionalLong suspect;
  private final Map<Long, OutRecord> underWay = new LinkedHashMap<>();
  private long bytesUnderWay;
  private boolean careful;
  private int limit;
  private int taken;
  private long acknowledged;
  private long progressAt = System.nanoTime();
  private long acknowledgedAt = System.nanoTime(); // the birth, before all of these

  /**
   * @param suspect id of the record that is suspected
   * @param patience for an acknowledgement, beside the time that a slow link takes
   */
  Flight(int window, OptionalLong suspect, Duration patience) {
    this.window = window;
    this.suspect = suspect;
    careful = suspect.isPresent();
    patienceMillis = patience.toMillis();
    limit = careful ? 1 : window;
  }

  /**
   * Waits for room for so many; tells for how many there is, 0 where there was none in time. Where
   * the window is full it waits for room for a part of it, as long as there is time, so that not
   * each acknowledgement wakes the thread.
   */
  synchronized int enter(long millis, int most) throws InterruptedException {
    if (taken >= limit) {
      long end = System.nanoTime() + millis * 1_000_000;
      long left = millis;
      while (!isRoomEnough() && left > 0) {
        wait(left);
        left = (end - System.nanoTime()) / 1_000_000;
      }
    }
    int room = Math.max(0, Math.min(most, limit - taken));
    taken += room;
    return room;
  }

  private boolean isRoomEnough() {
    return limit - taken >= Math.max(1, limit / 4);
  }

  /** Gives room for so many back unused. */
  synchronized void leave(int count) {
    giveBack(count);
  }

  private void giveBack(int count) {
    taken -= count;
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
    giveBack(1);
  }

  /** The broker will never take it; the connection goes on. */
  synchronized void refused(OutRecord record) {
    remove(record);
    progressAt = System.nanoTime();
    clear(record);
    if (!careful) {
      limit += Math.min(limit, window - limit);
    }
    giveBack(1);
  }

  /** What is suspected has been found out, or was nothing bad. */
  private void clear(OutRecord record) {
    if (suspect.isPresent() && record.id() == suspect.getAsLong()) {
      careful = false;
    }
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
    acknowledgedAt = progressAt;
    clear(record);
    if (acknowledged >= MOST_BEFORE_SUSPECT) {
      careful = false;
    }
    if (!careful) {
      limit += Math.min(limit, window - limit);
    }
    giveBack(1);
  }

  /** It was sent at QoS 0: it is over, but nothing says that the broker took it. */
  synchronized void written(OutRecord record) {
    remove(record);
    progressAt = System.nanoTime();
    giveBack(1);
  }

  synchronized long acknowledged() {
    return acknowledged;
  }

  /** Whether the broker took anything within the last ten seconds, the birth included. */
  synchronized boolean tookLately() {
    return System.nanoTime() - acknowledgedAt < LATELY_NANOS;
  }

  /** Of what is under way, what was sent first: the broker handles it before all others. */
  synchronized Optional<OutRecord> first() {
    return underWay.values().stream().findFirst();
  }

  /** Whether no more than one message may be under way. */
  synchronized boolean oneByOne() {
    return limit == 1;
  }

  synchronized boolean isUnderWay() {
    return !underWay.isEmpty();
  }

  /** Nanoseconds since something was acknowledged, or begun with; 0 while nothing is under way. */
  synchronized long silence() {
    return underWay.isEmpty() ? 0 : System.nanoTime() - progressAt;
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
