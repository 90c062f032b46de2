package io.selvedge.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Polls until something is observed. */
final class Waiting {

  private static final Duration INTERVAL = Duration.ofMillis(200);

  private Waiting() {}

  /** Looks once; empty where it is not there yet. */
  @FunctionalInterface
  interface Look<T> {
    Optional<T> look() throws IOException, InterruptedException;
  }

  /**
   * Looks until something is there.
   *
   * @param most how long at most
   * @param lastSeen what was there instead, for the message
   */
  static <T> T until(Duration most, String what, Look<T> look, Supplier<String> lastSeen)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (true) {
      Optional<T> found = look.look();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() > end) {
        throw new Report.NotObserved(
            what
                + " was not observed within "
                + most.toSeconds()
                + " s; seen ["
                + lastSeen.get()
                + "]");
      }
      Thread.sleep(INTERVAL.toMillis());
    }
  }
}
