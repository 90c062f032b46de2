package io.selvedge.inference;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How far one sample of a number lies from another: the population stability index over the
 * quantiles of the first, {@code Σ (p − q) · ln(p / q)}.
 *
 * <p>Two samples of n and m numbers of the same distribution in B classes do not give 0 but (B − 1)
 * · (1/n + 1/m) on average (B. Yurdakul, J. Naranjo: Statistical properties of the population
 * stability index, Journal of Risk Model Validation). That much is taken off, so that a short trial
 * is not taken for a drift. Below 0.1 is usually called stable, above 0.25 shifted.
 */
final class Drift {

  /** With fewer numbers on either side nothing is said. */
  static final int FEWEST = 20;

  private static final int MOST_CLASSES = 10;

  private Drift() {}

  /** The worst of all columns; empty where one side has too few rows. */
  static OptionalDouble ofRows(List<float[]> reference, List<float[]> rows) {
    if (reference.size() < FEWEST || rows.size() < FEWEST) {
      return OptionalDouble.empty();
    }
    double worst = 0;
    int columns = Math.min(reference.get(0).length, rows.get(0).length);
    for (int i = 0; i < columns; i++) {
      worst = Math.max(worst, index(column(reference, i), column(rows, i)));
    }
    return OptionalDouble.of(worst);
  }

  /** Both in any order; sorts them. */
  static double index(float[] reference, float[] sample) {
    Arrays.sort(reference);
    float[] edges = edges(reference, Math.min(reference.length, sample.length) / FEWEST + 1);
    double[] p = shares(reference, edges);
    double[] q = shares(sample, edges);
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += (p[i] - q[i]) * Math.log(p[i] / q[i]);
    }
    double expected = (p.length - 1) * (1.0 / reference.length + 1.0 / sample.length);
    return Math.max(0, sum - expected);
  }

  /** Upper edges of all classes but the last, each once. */
  private static float[] edges(float[] sorted, int wanted) {
    int classes = Math.max(2, Math.min(MOST_CLASSES, wanted));
    float[] edges = new float[classes - 1];
    int count = 0;
    for (int i = 1; i < classes; i++) {
      float edge = sorted[(int) ((long) sorted.length * i / classes)];
      if (count == 0 || edges[count - 1] < edge) {
        edges[count++] = edge;
      }
    }
    return Arrays.copyOf(edges, count);
  }

  /** A number on an edge belongs below it; half a number is added to each, so that none is 0. */
  private static double[] shares(float[] numbers, float[] edges) {
    double[] shares = new double[edges.length + 1];
    Arrays.fill(shares, 0.5);
    for (float number : numbers) {
      int at = Arrays.binarySearch(edges, number);
      shares[at >= 0 ? at : -at - 1]++;
    }
    double total = numbers.length + 0.5 * shares.length;
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= total;
    }
    return shares;
  }

  private static float[] column(List<float[]> rows, int index) {
    float[] column = new float[rows.size()];
    for (int i = 0; i < column.length; i++) {
      column[i] = rows.get(i)[index];
    }
    return column;
  }
}
