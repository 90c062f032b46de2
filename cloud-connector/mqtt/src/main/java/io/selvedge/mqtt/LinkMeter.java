package io.selvedge.mqtt;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Finds out by what is published whether the link is slow. It looks at spans of ten seconds:
 *
 * <ul>
 *   <li>bad, where the median from sending to acknowledgement is above the limit, or nothing was
 *       acknowledged for so long; or where messages waited for room all the time and less than the
 *       limit of bytes a second was acknowledged;
 *   <li>good, where it is below half, or above twice of that;
 *   <li>unknown, where nothing was sent.
 * </ul>
 *
 * Three bad spans in a row make it slow. Six in a row that are good or unknown make it normal
 * again: where a slow link lets nothing through that could be measured, it is tried out anew, so
 * that what is least urgent does not wait for ever. Thread-safe.
 */
final class LinkMeter {

  /**
   * What is slow.
   *
   * @param measured whether anything is
   * @param roundTrip above that, from sending to acknowledgement
   * @param bytesPerSecond below that, while messages wait for room
   */
  record Limits(boolean measured, Duration roundTrip, int bytesPerSecond) {
    static final Limits NONE = new Limits(false, Duration.ofSeconds(2), 0);
  }

  static final Duration SPAN = Duration.ofSeconds(10);
  static final int BAD_SPANS = 3;
  static final int OTHER_SPANS = 6;

  static final int SAMPLES = 512;
  private static final double BUSY = 0.8;

  private final Limits limits;
  private final LongSupplier nanos;
  private final long[] tookNanos = new long[SAMPLES];
  private long begin;
  private long acknowledged;
  private long bytes;
  private long waitedNanos;
  private int bad;
  private int other;
  private String why = "";

  LinkMeter(Limits limits, LongSupplier nanos) {
    this.limits = limits;
    this.nanos = nanos;
    begin = nanos.getAsLong();
  }

  private enum Judgement {
    BAD,
    BETWEEN,
    GOOD,
    UNKNOWN
  }

  /** A connection begins: what was going on before it does not count. */
  synchronized void connected() {
    restart();
  }

  private void restart() {
    begin = nanos.getAsLong();
    acknowledged = 0;
    bytes = 0;
    waitedNanos = 0;
  }

  /** A message of so many bytes was acknowledged so long after it was sent. */
  synchronized void acknowledged(long tookNanos, int size) {
    if (!limits.measured()) {
      return;
    }
    this.tookNanos[(int) (acknowledged % SAMPLES)] = tookNanos;
    acknowledged++;
    bytes += size;
  }

  /**
   * The pump has come round, often.
   *
   * @param waited nanoseconds that it waited for room, since the last time
   * @param silence nanoseconds since something was acknowledged; 0 while nothing is under way
   */
  synchronized void look(long waited, long silence) {
    waitedNanos += waited;
    long span = nanos.getAsLong() - begin;
    if (span < SPAN.toNanos() || !limits.measured()) {
      return;
    }
    switch (judge(span, silence)) {
      case BAD -> {
        bad++;
        other = 0;
      }
      case BETWEEN -> {
        bad = isSlow() ? bad : 0;
        other = 0;
      }
      case GOOD -> {
        bad = isSlow() ? bad : 0;
        other++;
      }
      case UNKNOWN -> other++;
    }
    if (other >= OTHER_SPANS) {
      bad = 0;
    }
    restart();
  }

  private Judgement judge(long span, long silence) {
    long limit = limits.roundTrip().toNanos();
    if (acknowledged == 0) {
      boolean silent = silence > limit;
      note(silent, "nothing was acknowledged for [" + silence / 1_000_000 + "] ms");
      return silent ? Judgement.BAD : Judgement.UNKNOWN;
    }
    int count = (int) Math.min(acknowledged, SAMPLES);
    long[] sorted = Arrays.copyOf(tookNanos, count);
    Arrays.sort(sorted);
    long median = sorted[count / 2];
    double rate = bytes / (span / 1e9);
    boolean busy = waitedNanos >= span * BUSY;
    boolean late = median > limit;
    boolean thin = busy && rate < limits.bytesPerSecond();
    note(late, "messages took [" + median / 1_000_000 + "] ms to be acknowledged (median)");
    note(
        thin && !late,
        String.format(Locale.ROOT, "[%.0f] bytes/s went up while more waited", rate));
    if (late || thin) {
      return Judgement.BAD;
    }
    boolean good = median <= limit / 2 && (!busy || rate >= 2.0 * limits.bytesPerSecond());
    return good ? Judgement.GOOD : Judgement.BETWEEN;
  }

  /** What is told stays what made it slow. */
  private void note(boolean isBad, String what) {
    if (isBad && !isSlow()) {
      why = what;
    }
  }

  synchronized boolean isSlow() {
    return bad >= BAD_SPANS;
  }

  /** By what it was found slow, last. */
  synchronized String why() {
    return why;
  }
}
