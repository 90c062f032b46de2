package io.selvedge.outbox;

import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Seconds that pass once each, whatever the wall clock does. While the process runs they go by the
 * monotonic clock, so that a jump of the wall clock neither ends nor lengthens a time to live.
 * Between two runs they go by the wall clock where it can be right at both ends (2025 or later) and
 * did not go back; else the time in between does not count.
 */
final class SteadyTime {

  private static final long RIGHT = Instant.parse("2025-01-01T00:00:00Z").getEpochSecond();
  private static final long NANOS = 1_000_000_000;

  private final LongSupplier nanos;
  private final Clock wall;
  private final long start;
  private final long startNanos;

  /**
   * Both scales at one moment, in seconds since 1970.
   *
   * @param steady 0 where it was never written
   */
  record Mark(long steady, long wall) {
    static final Mark NONE = new Mark(0, 0);
  }

  SteadyTime(LongSupplier nanos, Clock wall, Mark last) {
    this.nanos = nanos;
    this.wall = wall;
    startNanos = nanos.getAsLong();
    long now = wall.instant().getEpochSecond();
    if (last.steady == 0) {
      start = Math.max(now, RIGHT);
    } else {
      boolean known = now >= RIGHT && last.wall >= RIGHT;
      start = last.steady + (known ? Math.max(0, now - last.wall) : 0);
    }
  }

  /** Seconds; on the first opening with a right clock those since 1970. */
  long now() {
    return start + Math.floorDiv(nanos.getAsLong() - startNanos, NANOS);
  }

  Mark mark() {
    return new Mark(now(), Math.max(0, wall.instant().getEpochSecond()));
  }
}
