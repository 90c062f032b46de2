package io.selvedge.training;

/** Mean and deviation of each column. */
final class Scaling {

  /** Below this share of the mean, single precision no longer tells numbers apart. */
  private static final double CONSTANT = 1e-7;

  private Scaling() {}

  /**
   * A column that never changes gets a deviation so large that the network does not see it,
   * whatever it will hold later: nothing could be learned about it.
   */
  static Layer.Scale of(float[][] rows) {
    int columns = rows[0].length;
    float[] mean = new float[columns];
    float[] deviation = new float[columns];
    for (int j = 0; j < columns; j++) {
      double sum = 0;
      for (float[] row : rows) {
        sum += row[j];
      }
      double middle = sum / rows.length;
      double squares = 0;
      for (float[] row : rows) {
        squares += (row[j] - middle) * (row[j] - middle);
      }
      double spread = Math.sqrt(squares / rows.length);
      mean[j] = (float) middle;
      deviation[j] = spread <= CONSTANT * Math.abs(middle) ? Float.MAX_VALUE : (float) spread;
    }
    return new Layer.Scale(mean, deviation);
  }
}
