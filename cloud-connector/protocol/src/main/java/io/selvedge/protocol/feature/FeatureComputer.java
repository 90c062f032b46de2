package io.selvedge.protocol.feature;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Computes features from values as they come. The gateway and the trainer use this one code, so
 * that a model meets what it was trained on.
 *
 * <p>A feature at a time looks at values up to and including that time only. Its window reaches
 * back from there, both ends included; where no value falls into it, the newest one stands for it.
 * There is no value for a feature whose input has none, or whose newest is older than one hour. A
 * value that is older than the one before it of the same input means that time runs backwards, for
 * example because a recording began anew: all windows are emptied.
 *
 * <p>Values are kept for the longest window of their input and one minute more (so that a row of
 * another device that comes a little late sees its whole window), at most {@value #MOST_VALUES} an
 * input: beyond that the oldest go. One thread; nothing is allocated for a value or a row once the
 * rings have grown.
 */
public final class FeatureComputer {

  /** Most values that are kept of one input. */
  public static final int MOST_VALUES = 1 << 20;

  /** A newest value older than this is none. */
  public static final long STALE_MILLIS = 3_600_000;

  private static final long LATE_MILLIS = 60_000;

  private final List<FeatureSpec> specs;
  private final Map<String, History> histories = new HashMap<>();
  private final Feature[] features;
  private final double[] values;
  private int missing = -1;
  private String why = "";

  /**
   * @param specs the features, in the order of the columns; may be empty
   * @throws IllegalArgumentException two have the same name
   */
  public FeatureComputer(List<FeatureSpec> specs) {
    this.specs = List.copyOf(specs);
    Map<String, Long> retain = new HashMap<>();
    Set<String> names = new HashSet<>();
    for (FeatureSpec spec : specs) {
      if (!names.add(spec.name())) {
        throw new IllegalArgumentException(
            "feature [" + spec.name() + "] is defined twice; give each its own name");
      }
      long window = spec.window().map(w -> w.toMillis()).orElse(0L);
      spec.of().ifPresent(input -> retain.merge(input, window, Math::max));
    }
    retain.forEach(
        (input, window) -> histories.put(input, new History(window + LATE_MILLIS, MOST_VALUES)));
    features = specs.stream().map(spec -> new Feature(spec, histories)).toArray(Feature[]::new);
    values = new double[features.length];
  }

  /** The features, in the order of the columns. */
  public List<FeatureSpec> specs() {
    return specs;
  }

  /** Names of the inputs that some feature is computed of. */
  public Set<String> inputs() {
    return Set.copyOf(histories.keySet());
  }

  /**
   * Takes in a value; one of an input that no feature uses is ignored.
   *
   * @param input name of the input
   * @param epochMillis when it was measured
   * @param value a finite number
   */
  public void add(String input, long epochMillis, double value) {
    History history = histories.get(input);
    if (history == null) {
      return;
    }
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "value ["
              + value
              + "] of input ["
              + input
              + "] must be finite; leave out what is missing");
    }
    if (history.isBackwards(epochMillis)) {
      clear();
    }
    history.add(epochMillis, value);
  }

  /** Empties all windows. */
  public void clear() {
    histories.values().forEach(History::clear);
  }

  /**
   * Computes all features at a time.
   *
   * @param epochMillis the row's time
   * @param out takes one number a feature, in order; not to be used where the answer is false
   * @return false where a feature has no value; {@link #missing()} then says which and why
   */
  public boolean compute(long epochMillis, float[] out) {
    missing = -1;
    for (int i = 0; i < features.length; i++) {
      double value = features[i].at(epochMillis);
      values[i] = value;
      out[i] = (float) value;
      if (!Float.isFinite(out[i])) {
        missing = i;
        why = features[i].why(epochMillis);
        return false;
      }
    }
    return true;
  }

  /** The i-th feature of the last {@link #compute}, in double precision. */
  public double value(int i) {
    return values[i];
  }

  /** Why the last {@link #compute} answered false; empty where it did not. */
  public Optional<String> missing() {
    return missing < 0
        ? Optional.empty()
        : Optional.of("feature [" + specs.get(missing).name() + "] has no value: " + why);
  }

  /** One feature, bound to its input's history. */
  private static final class Feature {

    private final FeatureSpec spec;
    private final FeatureOp op;
    private final long window;
    private final @Nullable History history;

    Feature(FeatureSpec spec, Map<String, History> histories) {
      this.spec = spec;
      this.op = spec.op();
      this.window = spec.window().map(w -> w.toMillis()).orElse(0L);
      this.history = spec.of().map(histories::get).orElse(null);
    }

    /** The value, or NaN where there is none. */
    double at(long time) {
      if (history == null) {
        return Calendar.at(op, time);
      }
      int newest = history.lastUpTo(time);
      if (newest < 0 || history.time(newest) < time - STALE_MILLIS) {
        return Double.NaN;
      }
      int oldest = Math.min(history.firstFrom(time - window), newest);
      return switch (op) {
        case LAST -> history.value(newest);
        case LAG -> history.value(Math.max(0, history.lastUpTo(time - window)));
        default -> Statistics.over(op, history, oldest, newest);
      };
    }

    String why(long time) {
      if (history == null) {
        return "time [" + time + "]";
      }
      String input = "its input [" + spec.of().orElse("") + "] ";
      int newest = history.lastUpTo(time);
      if (newest < 0) {
        return input + "has no value yet; check the device";
      }
      if (history.time(newest) < time - STALE_MILLIS) {
        return input + "has had none for more than an hour; check the device";
      }
      return input + "holds numbers beyond the range of a 32-bit float; scale the channel";
    }
  }
}
