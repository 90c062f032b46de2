package io.selvedge.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that a test moves. It stands still otherwise. */
public final class FakeClock extends Clock {

  private final ZoneId zone;
  private final Instant start;
  private volatile Instant now;

  /** A clock that stands at this moment, in UTC. */
  public FakeClock(Instant now) {
    this(now, ZoneOffset.UTC);
  }

  private FakeClock(Instant now, ZoneId zone) {
    this.start = now;
    this.now = now;
    this.zone = zone;
  }

  /** Moves on, or back where the duration is negative. */
  public void advance(Duration duration) {
    now = now.plus(duration);
  }

  /** Nanoseconds since the clock was made, in place of {@link System#nanoTime()}. */
  public long nanos() {
    return Duration.between(start, now).toNanos();
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public Clock withZone(ZoneId other) {
    return new FakeClock(now, other);
  }
}
