package io.selvedge.inference;

import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Times in classes of a sixteenth of an octave each, so that a percentile is at most 6 % above the
 * truth and costs a kilobyte or eight. Any thread.
 */
final class Latencies {

  private static final int PER_OCTAVE = 16;
  private static final int OCTAVES = 48;

  private final AtomicLongArray counts = new AtomicLongArray(PER_OCTAVE * OCTAVES);

  void add(long nanos) {
    counts.incrementAndGet(index(Math.max(1, nanos)));
  }

  /** The time that this share of all takes at most, in milliseconds; empty before the first. */
  OptionalDouble percentile(double share) {
    long total = 0;
    for (int i = 0; i < counts.length(); i++) {
      total += counts.get(i);
    }
    if (total == 0) {
      return OptionalDouble.empty();
    }
    long wanted = (long) Math.ceil((double) total * share);
    long seen = 0;
    for (int i = 0; i < counts.length(); i++) {
      seen += counts.get(i);
      if (seen >= wanted) {
        return OptionalDouble.of(upper(i) / 1e6);
      }
    }
    return OptionalDouble.of(upper(counts.length() - 1) / 1e6);
  }

  private int index(long nanos) {
    double octave = Math.log((double) nanos) / Math.log(2);
    return (int) Math.min(counts.length() - 1, Math.max(0, Math.floor(octave * PER_OCTAVE)));
  }

  private static double upper(int index) {
    return Math.pow(2, (index + 1.0) / PER_OCTAVE);
  }
}
