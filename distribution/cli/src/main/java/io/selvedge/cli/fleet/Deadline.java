package io.selvedge.cli.fleet;

import java.time.Duration;

/** When a command must be through. */
final class Deadline {

  private static final Duration NEVER = Duration.ofDays(3650);

  private final long seconds;
  private final long begun = System.nanoTime();

  /**
   * @param seconds from now; 0: as long as it takes
   */
  Deadline(long seconds) {
    this.seconds = seconds;
  }

  boolean passed() {
    return left().isZero();
  }

  /** Not below zero. */
  Duration left() {
    if (seconds == 0) {
      return NEVER;
    }
    Duration left = Duration.ofSeconds(seconds).minusNanos(System.nanoTime() - begun);
    return left.isNegative() ? Duration.ZERO : left;
  }

  @Override
  public String toString() {
    return "[" + seconds + "] s";
  }
}
