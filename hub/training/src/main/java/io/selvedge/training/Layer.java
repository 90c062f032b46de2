package io.selvedge.training;

/** One step of a network, with its numbers. */
sealed interface Layer {

  /**
   * (x − mean) / deviation, column by column.
   *
   * @param mean one a column
   * @param deviation one a column, above zero
   */
  record Scale(float[] mean, float[] deviation) implements Layer {}

  /**
   * x × weightᵀ + bias.
   *
   * @param inputs columns in
   * @param outputs columns out
   * @param weight row by row, one row an output: {@code outputs × inputs}
   * @param bias one an output
   */
  record Dense(int inputs, int outputs, float[] weight, float[] bias) implements Layer {}

  /** tanh of each number. */
  record Tanh() implements Layer {}
}
