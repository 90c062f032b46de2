package io.selvedge.outbox;

import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Seconds that pass once each, whatever the wall clock does. While the process runs they go by the
 * monotonic clock, so that a jump of the wall clock neither ends nor lengthens a time to live.
 * Between two runs they go by the wall clock where it can be right at both ends (2025 to 2099) and
 * did not go back; else the time in between does not count. They never begin later than that: what
 * is on disk ends in 2156, and beyond it each time to live would be over at once, for ever.
 */
final class SteadyTime {

  private static final long RIGHT = Instant.parse("2025-01-01T00:00:00Z").getEpochSecond();
  private static final long WRONG = Instant.parse("2100-01-01T00:00:00Z").getEpochSecond();
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
    boolean known = canBeRight(now) && canBeRight(last.wall);
    long goesOn = last.steady + (known ? Math.max(0, now - last.wall) : 0);
    if (last.steady == 0 || goesOn >= WRONG) {
      start = canBeRight(now) ? now : RIGHT;
    } else {
      start = goesOn;
    }
  }

  /** Whether a wall clock that says this can have been set. */
  static boolean canBeRight(long epochSecond) {
    return epochSecond >= RIGHT && epochSecond < WRONG;
  }

  /** Seconds; on the first opening with a right clock those since 1970. */
  long now() {
    return start + Math.floorDiv(nanos.getAsLong() - startNanos, NANOS);
  }

  Mark mark() {
    return new Mark(now(), Math.max(0, wall.instant().getEpochSecond()));
  }
}
