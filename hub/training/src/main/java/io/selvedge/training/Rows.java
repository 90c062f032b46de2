package io.selvedge.training;

/** Rows of numbers, one array a row. */
final class Rows {

  private Rows() {}

  /** All rows behind one another. */
  static float[] flatten(float[][] rows, int columns) {
    float[] flat = new float[rows.length * columns];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * columns, columns);
    }
    return flat;
  }

  /** The opposite. */
  static float[][] unflatten(float[] flat, int rows) {
    int columns = rows == 0 ? 0 : flat.length / rows;
    float[][] out = new float[rows][columns];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(flat, i * columns, out[i], 0, columns);
    }
    return out;
  }

  /** Some of the rows, in the order of the indices. */
  static float[][] pick(float[][] rows, int[] indices) {
    float[][] out = new float[indices.length][];
    for (int i = 0; i < indices.length; i++) {
      out[i] = rows[indices[i]];
    }
    return out;
  }

  /** Some of the labels, in the order of the indices. */
  static int[] pick(int[] labels, int[] indices) {
    int[] out = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      out[i] = labels[indices[i]];
    }
    return out;
  }

  /** Index of the largest number; the first where several are. */
  static int argmax(float[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      if (row[i] > row[best]) {
        best = i;
      }
    }
    return best;
  }

  /** Largest difference between two tables of the same shape; NaN where any number is NaN. */
  static double maxDifference(float[][] a, float[][] b) {
    double max = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[i].length; j++) {
        max = Math.max(max, Math.abs((double) a[i][j] - b[i][j]));
      }
    }
    return max;
  }
}
