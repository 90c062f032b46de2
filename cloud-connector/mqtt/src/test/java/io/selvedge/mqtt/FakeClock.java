package io.selvedge.mqtt;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Stands still until it is moved. In UTC. */
final class FakeClock extends Clock {

  private final Instant begin;
  private volatile Instant now;

  FakeClock(Instant begin) {
    this.begin = begin;
    now = begin;
  }

  void plus(Duration time) {
    now = now.plus(time);
  }

  /** Of a clock that only runs forward. */
  long nanos() {
    return Duration.between(begin, now).toNanos();
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
