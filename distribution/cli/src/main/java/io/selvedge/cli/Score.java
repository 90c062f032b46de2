package io.selvedge.cli;

import java.util.Locale;

/** Right and wrong of a yes/no decision, counted. */
final class Score {

  private long truePositive;
  private long falsePositive;
  private long trueNegative;
  private long falseNegative;

  void add(boolean decided, boolean truth) {
    if (truth) {
      if (decided) {
        truePositive++;
      } else {
        falseNegative++;
      }
    } else if (decided) {
      falsePositive++;
    } else {
      trueNegative++;
    }
  }

  long count() {
    return truePositive + falsePositive + trueNegative + falseNegative;
  }

  /** Mean of the two recalls, 0 to 1; one class alone has none and counts as 0. */
  double balancedAccuracy() {
    long positives = truePositive + falseNegative;
    long negatives = trueNegative + falsePositive;
    if (positives == 0 || negatives == 0) {
      return 0;
    }
    return ((double) truePositive / positives + (double) trueNegative / negatives) / 2;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "balanced accuracy %.4f of %d decisions (occupied: %d right, %d missed; empty: %d right, %d"
            + " false)",
        balancedAccuracy(),
        count(),
        truePositive,
        falseNegative,
        trueNegative,
        falsePositive);
  }
}
