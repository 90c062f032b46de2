package io.selvedge.bench.kill;

import java.io.IOException;
import java.time.Duration;

/** Looks again and again until something is so. */
final class Waiting {

  private static final long PAUSE_MILLIS = 10;

  private Waiting() {}

  /** Looks once. */
  @FunctionalInterface
  interface Look {
    boolean holds() throws IOException, InterruptedException;
  }

  /** False where it is not so in time. */
  static boolean patiently(Duration most, Look look) throws IOException, InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (!look.holds()) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    return true;
  }

  /**
   * Waits for what must come.
   *
   * @throws IOException where it does not come in time
   */
  static void until(String what, Duration most, Look look)
      throws IOException, InterruptedException {
    if (!patiently(most, look)) {
      throw new IOException("no [" + what + "] within [" + most.toSeconds() + "] s");
    }
  }
}
