package io.selvedge.training;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Rows apart for training, for choosing when to stop, and for the report. Time is cut into blocks
 * of equal length, so that each part sees several times of several days; of each block
 *
 * <pre>
 *   |------ train 60 % ------|gap|-- validation 20 % --|gap|---- test 20 % ----|
 * </pre>
 *
 * The gap is as long as the longest window, at most a twentieth of the block: the first rows of a
 * later part would look back into the earlier one. Rows in a gap are in no part.
 *
 * @param blocks how many blocks
 * @param train indices of rows, ascending
 * @param validation indices of rows, ascending
 * @param test indices of rows, ascending
 */
record Split(int blocks, int[] train, int[] validation, int[] test) {

  private static final int[] BLOCKS = {5, 10, 20, 40};
  private static final double VALIDATION_FROM = 0.6;
  private static final double TEST_FROM = 0.8;
  private static final double MOST_GAP = 0.05;
  private static final int LEAST_ROWS_OF_CLASS = 2;

  /**
   * Takes the fewest blocks with which every part has at least two rows of each class.
   *
   * @param longestWindowMillis longest window of any feature
   * @throws TrainingException no cut gives every part each class
   */
  static Split of(Samples samples, long longestWindowMillis) throws TrainingException {
    for (int blocks : BLOCKS) {
      Split split = cut(samples.times(), blocks, longestWindowMillis);
      if (split.complete(samples)) {
        return split;
      }
    }
    throw new TrainingException(
        "training.too_few_rows",
        "rows per class "
            + Arrays.toString(samples.perClass())
            + " cannot be cut by time so that training, validation and test each have some of every"
            + " class; give a longer recording in which each class comes and goes");
  }

  static Split cut(long[] times, int blocks, long longestWindowMillis) {
    long start = times.length == 0 ? 0 : times[0];
    double length = times.length == 0 ? 1 : (double) (times[times.length - 1] - start + 1) / blocks;
    double gap = Math.min(MOST_GAP, longestWindowMillis / length);
    return new Split(
        blocks,
        between(times, start, length, 0, VALIDATION_FROM),
        between(times, start, length, VALIDATION_FROM + gap, TEST_FROM),
        between(times, start, length, TEST_FROM + gap, 1));
  }

  private static int[] between(long[] times, long start, double length, double from, double to) {
    return IntStream.range(0, times.length)
        .filter(
            i -> {
              double at = (times[i] - start) % length / length;
              return at >= from && at < to;
            })
        .toArray();
  }

  private boolean complete(Samples samples) {
    for (int[] part : new int[][] {train, validation, test}) {
      int[] count = Samples.count(Rows.pick(samples.labels(), part), samples.classes());
      for (int rows : count) {
        if (rows < LEAST_ROWS_OF_CLASS) {
          return false;
        }
      }
    }
    return true;
  }
}
