package io.selvedge.sparkplug;

import java.time.Duration;

/**
 * When births are told anew: at once where the last ones are long ago, else after a pause, so that
 * many requests make few births. One thread; times are {@link System#nanoTime()}.
 */
final class RebirthTimer {

  private final long pause;
  private long last;
  private boolean asked;

  RebirthTimer(Duration pause, long bornAt) {
    this.pause = pause.toNanos();
    last = bornAt;
  }

  /** A host asks for births. */
  void ask() {
    asked = true;
  }

  /** Births are owed: until they are sent no data is. */
  boolean isAsked() {
    return asked;
  }

  boolean isDue(long now) {
    return asked && now - last >= pause;
  }

  /** They are sent. */
  void born(long now) {
    asked = false;
    last = now;
  }
}
