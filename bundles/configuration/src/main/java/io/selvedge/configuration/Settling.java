package io.selvedge.configuration;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Files that were changed here and that File Install has not read yet. Until it has, Config Admin
 * holds old values, and an event about them must not write those back over the new file. After a
 * few seconds the wait is over, whatever became of it. Thread-safe.
 */
final class Settling {

  static final long PATIENCE_NANOS = 5_000_000_000L;

  private final LongSupplier nanos;
  private final Map<String, Long> until = new HashMap<>();

  /**
   * @param nanos a clock that only goes forward: {@link System#nanoTime}
   */
  Settling(LongSupplier nanos) {
    this.nanos = nanos;
  }

  synchronized void begin(Collection<String> names) {
    long end = nanos.getAsLong() + PATIENCE_NANOS;
    names.forEach(name -> until.put(name, end));
  }

  /** Config Admin says what the file says. */
  synchronized void settled(String name) {
    until.remove(name);
    notifyAll();
  }

  synchronized boolean waits(String name) {
    until.values().removeIf(end -> end - nanos.getAsLong() <= 0);
    return until.containsKey(name);
  }

  /** Waits for all of them, at most so long; returns early when interrupted. */
  synchronized void await(Collection<String> names, long millis) {
    long end = nanos.getAsLong() + millis * 1_000_000;
    try {
      while (names.stream().anyMatch(this::waits)) {
        long left = (end - nanos.getAsLong()) / 1_000_000;
        if (left <= 0) {
          return;
        }
        wait(Math.min(left, 100));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
