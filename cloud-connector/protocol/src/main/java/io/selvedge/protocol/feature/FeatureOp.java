package io.selvedge.protocol.feature;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a feature is computed. Its JSON name is the constant's in lower case: {@code day_sin}. */
public enum FeatureOp {
  /** The newest value. */
  LAST(true, false),
  /** Arithmetic mean over the window. */
  MEAN(true, true),
  /** Smallest value of the window. */
  MIN(true, true),
  /** Largest value of the window. */
  MAX(true, true),
  /** Standard deviation of the population over the window. */
  STD(true, true),
  /** Least-squares slope over the window, in the channel's unit per minute. */
  SLOPE(true, true),
  /** Newest minus oldest value of the window. */
  DELTA(true, true),
  /** Newest value that is at least as old as the window. */
  LAG(true, true),
  /** Sine of 2π × seconds since midnight UTC / 86400. */
  DAY_SIN(false, false),
  /** Cosine of the same. */
  DAY_COS(false, false),
  /** 1 on Saturday and Sunday UTC, else 0. */
  WEEKEND(false, false);

  private final boolean needsInput;
  private final boolean needsWindow;

  FeatureOp(boolean needsInput, boolean needsWindow) {
    this.needsInput = needsInput;
    this.needsWindow = needsWindow;
  }

  /** Whether it is computed of an input; otherwise of the time alone. */
  public boolean needsInput() {
    return needsInput;
  }

  /** Whether it looks back over a window. */
  public boolean needsWindow() {
    return needsWindow;
  }

  /** The name in JSON. */
  public String json() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads the name in JSON.
   *
   * @throws IllegalArgumentException there is no such op
   */
  public static FeatureOp parse(String json) {
    for (FeatureOp op : values()) {
      if (op.json().equals(json)) {
        return op;
      }
    }
    throw new IllegalArgumentException(
        "op ["
            + json
            + "] is not known; it must be one of "
            + Arrays.stream(values()).map(FeatureOp::json).collect(Collectors.joining(", ")));
  }
}
