package io.selvedge.api.deployment;

import java.util.OptionalDouble;

/**
 * What was measured of something new. A figure that nobody could measure is empty, never a zero.
 *
 * @param rows what it had to answer
 * @param errors how many of them it did not
 * @param latencyP99Millis 99th percentile of the time an answer took
 * @param memoryMegabytes what the process has grown by
 * @param agreement share of rows on which it and the one before said the same, 0 to 1
 * @param inputDrift how far its inputs are from what it was trained on, or from those before it
 *     (population stability index, the worst input's)
 * @param outputDrift how far its outputs are from those of the one before (the same index)
 * @param accuracy share of labelled rows on which it was right, 0 to 1
 * @param accuracyBefore the same of the one before, on the same rows
 * @param labels how many labels came back
 */
public record TrialFigures(
    long rows,
    long errors,
    OptionalDouble latencyP99Millis,
    OptionalDouble memoryMegabytes,
    OptionalDouble agreement,
    OptionalDouble inputDrift,
    OptionalDouble outputDrift,
    OptionalDouble accuracy,
    OptionalDouble accuracyBefore,
    long labels) {

  /** Nothing was measured. */
  public static final TrialFigures NONE =
      new TrialFigures(
          0,
          0,
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          0);

  /** Share of rows without an answer; empty before the first row. */
  public OptionalDouble errorRate() {
    return rows == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) errors / rows);
  }
}
