package io.selvedge.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Several measurements of the same thing; their median counts, and their spread is told. */
public final class Sample {

  private final List<Double> sorted;

  private Sample(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("sample [] must hold at least one measurement");
    }
    sorted = new ArrayList<>(values);
    Collections.sort(sorted);
  }

  /** Of one value of each round. */
  public static <T> Sample of(List<T> rounds, ToDoubleFunction<T> value) {
    return new Sample(rounds.stream().map(value::applyAsDouble).toList());
  }

  /** Of these values. */
  public static Sample of(List<Double> values) {
    return new Sample(values);
  }

  /** The middle one, or the mean of the two in the middle. */
  public double median() {
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /**
   * The least value that so many of all do not pass.
   *
   * @param share 0 to 1: 0.99 for the 99th percentile
   */
  public double percentile(double share) {
    int index = (int) Math.ceil(share * sorted.size()) - 1;
    return sorted.get(Math.max(0, Math.min(index, sorted.size() - 1)));
  }

  public double least() {
    return sorted.get(0);
  }

  public double most() {
    return sorted.get(sorted.size() - 1);
  }

  /** "median of 5, 0.81 to 0.93". */
  public String spread() {
    return sorted.size() == 1
        ? "one round"
        : "median of "
            + sorted.size()
            + ", "
            + Numbers.text(least())
            + " to "
            + Numbers.text(most());
  }
}
