package io.selvedge.inference;

import java.util.List;

/**
 * Whether two models say the same of a row. Several outputs are classes: the highest must be the
 * same one. A single output between 0 and 1 is a probability: both must lie on the same side of
 * 0.5. Any other single output is a number: within 5 % of the other, or of 1 where that is more.
 */
final class Agreement {

  private static final double SHARE = 0.05;

  private Agreement() {}

  static boolean agree(float[] one, float[] other) {
    if (one.length != other.length) {
      return false;
    }
    if (one.length > 1) {
      return highest(one) == highest(other);
    }
    if (isShare(one[0]) && isShare(other[0])) {
      return (one[0] >= 0.5) == (other[0] >= 0.5);
    }
    return near(one[0], other[0]);
  }

  /**
   * Whether a row of outputs is what a label says.
   *
   * @param label the name of an output, or a number as text
   */
  static boolean isRight(List<String> outputs, float[] row, String label) {
    if (row.length > 1) {
      return outputs.get(highest(row)).equals(label);
    }
    if (outputs.get(0).equals(label)) {
      return row[0] >= 0.5;
    }
    try {
      double number = Double.parseDouble(label);
      if (isShare(row[0]) && (number == 0 || number == 1)) {
        return (row[0] >= 0.5) == (number == 1);
      }
      return near(row[0], number);
    } catch (NumberFormatException e) {
      return row[0] < 0.5; // another class than the only one that it knows
    }
  }

  private static boolean near(double number, double other) {
    return Math.abs(number - other) <= SHARE * Math.max(1, Math.abs(other));
  }

  private static boolean isShare(float number) {
    return number >= 0 && number <= 1;
  }

  private static int highest(float[] row) {
    int highest = 0;
    for (int i = 1; i < row.length; i++) {
      if (row[i] > row[highest]) {
        highest = i;
      }
    }
    return highest;
  }
}
