package io.selvedge.deployment;

import io.selvedge.api.uplink.Traffic;
import io.selvedge.api.uplink.Traffic.Delays;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * How fast files may come while messages flow, so that these do not notice. While none flow there
 * is no limit. Else files come in small bursts at a rate that is found by trying, as LEDBAT (RFC
 * 6817) does with its window, by the delays that the messages themselves meet at the disk and at
 * the broker:
 *
 * <pre>
 *   a message was late:                                 rate × 0.7, at once
 *   50 messages in a row, or all in 4 s, were not:      rate × 1.1, where it was used
 * </pre>
 *
 * So about one message of 200 is late because of a file, or by itself; see {@link Usual} for what
 * is late. The rate is never less than 64 KiB a second, so that a file comes to its end. Times are
 * of {@link System#nanoTime}; for one thread.
 */
final class Courtesy {

  /** No limit. */
  static final double FREE = Double.POSITIVE_INFINITY;

  static final double LEAST = 64 << 10;
  static final double FIRST = 4 << 20;

  /** Messages flow so long after one was sent. */
  static final Duration FLOWING = Duration.ofSeconds(10);

  private static final double SLOWER = 0.7;
  private static final double FASTER = 1.1;
  private static final int ENOUGH = 50;
  private static final long LOOK_NANOS = 5_000_000L;
  private static final long SLOW_DOWN_NANOS = 100_000_000L;
  private static final long LONGEST_NANOS = 4_000_000_000L;
  private static final double BURSTS_PER_SECOND = 100;
  private static final int LEAST_BURST = 64 << 10;
  private static final int MOST_BURST = 256 << 10;

  private final Supplier<Traffic> traffic;
  private final Usual stored = new Usual();
  private final Usual acknowledged = new Usual();
  private double rate = FIRST;
  private boolean flows;
  private boolean begun;
  private long lookedAt;
  private long decidedAt;
  private long slowedAt;
  private int inTime;
  private long came;

  /**
   * What is usual for one step of messages, and what is late: three times the smallest median that
   * was seen, and 2 ms more; or more than all but one took before the file began to come, but no
   * more than eight times the former.
   */
  private static final class Usual {
    private static final double TARGET_NANOS = 2e6;
    private static final int FACTOR = 3;
    private static final int MOST_FACTOR = 8;
    private static final int LEAST_SAMPLE = 8;
    private static final double RISES = 1.01; // at most, each time that is decided

    private long count;
    private double median = FREE;
    private double tail;

    /** What was until now is not of a file's doing. */
    void begin(Delays delays) {
      count = delays.count();
      learn(delays);
      List<Duration> sorted = sorted(delays);
      tail = sorted.size() < LEAST_SAMPLE ? 0 : sorted.get(sorted.size() - 2).toNanos();
    }

    void learn(Delays delays) {
      List<Duration> sorted = sorted(delays);
      if (sorted.size() >= LEAST_SAMPLE || (median == FREE && !sorted.isEmpty())) {
        median = Math.min((double) sorted.get(sorted.size() / 2).toNanos(), median * RISES);
      }
    }

    private static List<Duration> sorted(Delays delays) {
      return delays.newest().stream().sorted().toList();
    }

    /** Takes what is new; tells how many of them were late. */
    int late(Delays delays) {
      double least = FACTOR * median + TARGET_NANOS;
      double limit = Math.min(Math.max(least, tail), MOST_FACTOR * least);
      List<Duration> fresh = delays.since(count);
      count = delays.count();
      return (int) fresh.stream().filter(delay -> delay.toNanos() > limit).count();
    }
  }

  Courtesy(Supplier<Traffic> traffic) {
    this.traffic = traffic;
  }

  /** Bytes a second that may come now; {@link #FREE} where there is no limit. */
  double rate(long now) {
    if (!begun || now - lookedAt >= LOOK_NANOS) {
      look(now);
    }
    return flows ? rate : FREE;
  }

  /** Bytes that may come together: what the gateway does with them takes little time. */
  int burst() {
    return (int) Math.max(LEAST_BURST, Math.min(MOST_BURST, rate / BURSTS_PER_SECOND));
  }

  /** Bytes came. */
  void came(int bytes) {
    came += bytes;
  }

  private void look(long now) {
    Traffic seen = traffic.get();
    boolean before = flows;
    flows = seen.sinceSent().compareTo(FLOWING) < 0;
    if (!begun || !before) {
      begun = true;
      stored.begin(seen.stored());
      acknowledged.begin(seen.acknowledged());
      restart(now);
      slowedAt = now - SLOW_DOWN_NANOS;
    }
    lookedAt = now;
    if (flows) {
      judge(seen, now);
    }
  }

  private void judge(Traffic seen, long now) {
    int fresh = seen.acknowledged().since(acknowledged.count).size();
    int late = acknowledged.late(seen.acknowledged()) + stored.late(seen.stored());
    inTime += fresh;
    if (late > 0) {
      if (now - slowedAt >= SLOW_DOWN_NANOS) { // one burst may make several late
        rate = Math.max(LEAST, rate * SLOWER);
        slowedAt = now;
      }
      restart(now);
    } else if (inTime >= ENOUGH || now - decidedAt >= LONGEST_NANOS) {
      boolean used = came >= rate * (now - decidedAt) / 1e9 / 2;
      if (inTime > 0 && used) {
        rate *= FASTER;
      }
      stored.learn(seen.stored());
      acknowledged.learn(seen.acknowledged());
      restart(now);
    }
  }

  private void restart(long now) {
    decidedAt = now;
    inTime = 0;
    came = 0;
  }
}
