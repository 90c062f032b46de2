package io.selvedge.mqtt;

import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Traffic;
import io.selvedge.api.uplink.Traffic.Delays;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Counts the messages that go out, and how long disk and broker let each wait. Thread-safe. */
final class TrafficMeter {

  /** What deployments report while their files come is no reason to let those wait. */
  private static final String OWN = "TWIN-V1";

  private final LongSupplier nanos;
  private final Newest stored = new Newest();
  private final Newest acknowledged = new Newest();
  private boolean any;
  private long sentAt;

  /** The newest delays, in a ring. */
  private static final class Newest {
    private final long[] delays = new long[Delays.MOST];
    private long count;

    void add(long delay) {
      delays[(int) (count % delays.length)] = delay;
      count++;
    }

    Delays all() {
      List<Duration> newest = new ArrayList<>();
      for (long i = Math.max(0, count - delays.length); i < count; i++) {
        newest.add(Duration.ofNanos(delays[(int) (i % delays.length)]));
      }
      return new Delays(count, newest);
    }
  }

  /**
   * @param nanos as {@link System#nanoTime}
   */
  TrafficMeter(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Stores a message; only one that is urgent is written at once, and shows how the disk is. */
  CompletionStage<Long> store(Message message, Supplier<CompletionStage<Long>> storing) {
    if (message.priority() > 0 || message.app().equals(OWN)) {
      return storing.get();
    }
    long begun = nanos.getAsLong();
    CompletionStage<Long> stage = storing.get();
    var unused = stage.thenAccept(id -> stored(begun));
    return stage;
  }

  private synchronized void stored(long begun) {
    stored.add(nanos.getAsLong() - begun);
  }

  /**
   * A message is handed to the connection.
   *
   * @param path app and resource
   * @return its time, for {@link #acknowledged}
   */
  synchronized long sent(String path) {
    long now = nanos.getAsLong();
    if (!isOwn(path)) {
      any = true;
      sentAt = now;
    }
    return now;
  }

  /** The broker has it. */
  synchronized void acknowledged(String path, long sent) {
    if (!isOwn(path)) {
      acknowledged.add(nanos.getAsLong() - sent);
    }
  }

  private static boolean isOwn(String path) {
    return path.startsWith(OWN + '/');
  }

  synchronized Traffic traffic() {
    Duration since = any ? Duration.ofNanos(nanos.getAsLong() - sentAt) : Traffic.NEVER;
    return new Traffic(since, stored.all(), acknowledged.all());
  }
}
