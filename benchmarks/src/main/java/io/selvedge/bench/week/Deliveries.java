package io.selvedge.bench.week;

import io.selvedge.bench.injector.Numbered;
import io.selvedge.mqtt.PlainUplink;
import io.selvedge.outbox.OutRecord;
import io.selvedge.outbox.Outbox;
import io.selvedge.protocol.kura.KuraPayload;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;

/** Hears, before the outbox does, which records the broker has acknowledged. Thread-safe. */
final class Deliveries {

  private static final int MOST_URGENT = 100_000;

  private final long[] sentAt = new long[MOST_URGENT];
  private final long[] acceptedAfter = new long[MOST_URGENT];
  private final long[] deliveredAfter = new long[MOST_URGENT];
  private int urgentSent;
  private int urgentDelivered;
  private final boolean thinned;
  private final BitSet numbers = new BitSet();
  private long readings;
  private long represented;
  private Instant oldest = Instant.MAX;
  private long first = Long.MAX_VALUE;
  private long last = -1;

  /**
   * Hears nothing yet.
   *
   * @param thinned whether readings may have been thinned out, and so have no numbers
   */
  Deliveries(boolean thinned) {
    this.thinned = thinned;
  }

  /** An outbox in front of which this one listens. */
  Outbox before(Outbox outbox) {
    return (Outbox)
        Proxy.newProxyInstance(
            Deliveries.class.getClassLoader(),
            new Class<?>[] {Outbox.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("delivered")) {
                delivered((OutRecord) arguments[0]);
              }
              try {
                return method.invoke(outbox, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Just before an urgent message is sent; its number. */
  synchronized int urgent() {
    sentAt[urgentSent] = System.nanoTime();
    return urgentSent++;
  }

  /** An urgent message is on disk. */
  synchronized void accepted(int number) {
    acceptedAfter[number] = System.nanoTime() - sentAt[number];
  }

  private void delivered(OutRecord record) {
    long now = System.nanoTime();
    if (record.priority() == 0) {
      urgent(now, Numbered.find(record.payload()).orElseThrow());
    } else if (thinned) {
      reading(PlainUplink.payload(record.payload()));
    } else {
      reading(Numbered.find(record.payload()).orElseThrow());
    }
  }

  private synchronized void urgent(long now, int number) {
    deliveredAfter[number] = now - sentAt[number];
    urgentDelivered++;
  }

  private synchronized void reading(int number) {
    readings++;
    represented++;
    numbers.set(number);
    first = Math.min(first, number);
    last = Math.max(last, number);
  }

  private synchronized void reading(KuraPayload payload) {
    readings++;
    represented += payload.whole(WeekGateway.CHANNEL + ".count").orElse(1L);
    Instant time = payload.timestamp().orElseThrow();
    oldest = time.isBefore(oldest) ? time : oldest;
  }

  /** Readings that the acknowledged messages stand for, since {@link #forget}. */
  synchronized long represented() {
    return represented;
  }

  /** The oldest time among those that were thinned out or may have been. */
  synchronized Instant oldest() {
    return oldest;
  }

  /** Messages with readings acknowledged since {@link #forget}. */
  synchronized long readings() {
    return readings;
  }

  /** Each counted once. */
  synchronized long different() {
    return numbers.cardinality();
  }

  /** Lowest number among them. */
  synchronized long first() {
    return first;
  }

  /** Highest number among them. */
  synchronized long last() {
    return last;
  }

  /** Begins to count anew. */
  synchronized void forget() {
    readings = 0;
    numbers.clear();
    represented = 0;
    oldest = Instant.MAX;
    first = Long.MAX_VALUE;
    last = -1;
    urgentDelivered = 0;
    urgentSent = 0;
  }

  synchronized int urgentSent() {
    return urgentSent;
  }

  synchronized int urgentDelivered() {
    return urgentDelivered;
  }

  /** From the sending of an urgent message to its acknowledgement, milliseconds, sorted. */
  synchronized double[] urgentMillis() {
    return millis(deliveredAfter);
  }

  /** From the sending of an urgent message until it was on disk, milliseconds, sorted. */
  synchronized double[] acceptedMillis() {
    return millis(acceptedAfter);
  }

  private double[] millis(long[] nanos) {
    return Arrays.stream(nanos, 0, urgentDelivered).mapToDouble(n -> n / 1e6).sorted().toArray();
  }
}
