package io.selvedge.flow.run;

import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.flow.Decision;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * What a flow on trial does with its rows, and how long it takes over those that it decides on:
 * from their arrival to the commands. Of the times the newest {@value #SAMPLE} count.
 */
final class RowWatch {

  private static final int SAMPLE = 1024;

  private final long[] nanos = new long[SAMPLE];
  private long decided;
  private long rows;
  private long errors;

  /** A row was decided upon. */
  synchronized void decided(Decision decision) {
    rows++;
    long sum = decision.trace().values().stream().mapToLong(Long::longValue).sum();
    nanos[(int) (decided++ % SAMPLE)] = sum;
  }

  /** A row was taken in, and there was no decision to take. */
  synchronized void skipped() {
    rows++;
  }

  /** A row made the flow fail, or had to go before its turn came. */
  synchronized void failed() {
    rows++;
    errors++;
  }

  synchronized TrialFigures figures() {
    OptionalDouble none = OptionalDouble.empty();
    return new TrialFigures(rows, errors, slow(), none, none, none, none, none, none, 0);
  }

  private OptionalDouble slow() {
    int count = (int) Math.min(decided, SAMPLE);
    if (count == 0) {
      return OptionalDouble.empty();
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return OptionalDouble.of(sorted[(int) Math.ceil(count * 0.99) - 1] / 1e6);
  }
}
