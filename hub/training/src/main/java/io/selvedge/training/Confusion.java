package io.selvedge.training;

import java.util.Arrays;

/**
 * How often which class was taken for which.
 *
 * @param counts {@code counts[actual][predicted]}
 */
record Confusion(int[][] counts) {

  static Confusion of(int[] labels, float[][] probabilities, int classes) {
    int[][] counts = new int[classes][classes];
    for (int i = 0; i < labels.length; i++) {
      counts[labels[i]][Rows.argmax(probabilities[i])]++;
    }
    return new Confusion(counts);
  }

  /** Both together. */
  Confusion plus(Confusion other) {
    int[][] both = new int[counts.length][counts.length];
    for (int i = 0; i < both.length; i++) {
      for (int j = 0; j < both.length; j++) {
        both[i][j] = counts[i][j] + other.counts[i][j];
      }
    }
    return new Confusion(both);
  }

  /** Number of rows counted. */
  int rows() {
    return (int) Arrays.stream(counts).mapToLong(Confusion::sum).sum();
  }

  /** Share of rows that are right; 0 without rows. */
  double accuracy() {
    long right = 0;
    long all = 0;
    for (int actual = 0; actual < counts.length; actual++) {
      right += counts[actual][actual];
      all += sum(counts[actual]);
    }
    return all == 0 ? 0 : (double) right / all;
  }

  /** Mean over the classes that occur of the share that is right; 0 without rows. */
  double balancedAccuracy() {
    double sum = 0;
    int seen = 0;
    for (int actual = 0; actual < counts.length; actual++) {
      long rows = sum(counts[actual]);
      if (rows > 0) {
        sum += (double) counts[actual][actual] / rows;
        seen++;
      }
    }
    return seen == 0 ? 0 : sum / seen;
  }

  /** Accuracy of always saying the class that is most frequent here; 0 without rows. */
  double majorityBaseline() {
    long most = 0;
    long all = 0;
    for (int[] row : counts) {
      most = Math.max(most, sum(row));
      all += sum(row);
    }
    return all == 0 ? 0 : (double) most / all;
  }

  private static long sum(int[] row) {
    long sum = 0;
    for (int n : row) {
      sum += n;
    }
    return sum;
  }
}
