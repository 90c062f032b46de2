package io.selvedge.bench.week;

import io.selvedge.bench.injector.Numbered;
import io.selvedge.outbox.OutRecord;
import io.selvedge.outbox.Outbox;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;

/** Hears, before the outbox does, which records the broker has acknowledged. Thread-safe. */
final class Deliveries {

  private static final int MOST_URGENT = 100_000;

  private final long[] sentAt = new long[MOST_URGENT];
  private final long[] acceptedAfter = new long[MOST_URGENT];
  private final long[] deliveredAfter = new long[MOST_URGENT];
  private int urgentSent;
  private int urgentDelivered;
  private long readings;
  private long first = Long.MAX_VALUE;
  private long last = -1;

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
    int number = Numbered.find(record.payload()).orElseThrow();
    synchronized (this) {
      if (record.priority() == 0) {
        deliveredAfter[number] = now - sentAt[number];
        urgentDelivered++;
      } else {
        readings++;
        first = Math.min(first, number);
        last = Math.max(last, number);
      }
    }
  }

  /** Readings acknowledged since {@link #forget}. */
  synchronized long readings() {
    return readings;
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
