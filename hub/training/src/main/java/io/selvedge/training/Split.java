package io.selvedge.training;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows apart for training, for choosing when to stop, and for the report. Time is cut into blocks
 * of equal length, and each block into
 *
 * <pre>
 *   |------- train 60 % -------|-- validation 20 % --|-- test 20 % --|
 * </pre>
 *
 * turned round within the block, by another amount in each (multiples of the golden section), so
 * that no part always meets the same time of day. After every border rows are left out for as long
 * as the longest window, at most a twentieth of a block: they would look back into another part.
 *
 * @param blocks how many blocks
 * @param train indices of rows, ascending
 * @param validation indices of rows, ascending
 * @param test indices of rows, ascending
 */
record Split(int blocks, int[] train, int[] validation, int[] test) {

  private static final int LEAST_BLOCKS = 5;
  private static final int MOST_BLOCKS = 40;
  private static final double VALIDATION_FROM = 0.6;
  private static final double TEST_FROM = 0.8;
  private static final double MOST_GAP = 0.05;
  private static final double GOLDEN_SECTION = (Math.sqrt(5) - 1) / 2;
  private static final int LEAST_ROWS_OF_CLASS = 2;

  private enum Part {
    TRAIN,
    VALIDATION,
    TEST,
    NONE
  }

  /**
   * Takes as many blocks as leave the gap its whole length, 5 to 40; more, where a part would have
   * less than two rows of a class.
   *
   * @param longestWindowMillis longest window of any feature
   * @throws TrainingException no cut gives every part each class
   */
  static Split of(Samples samples, long longestWindowMillis) throws TrainingException {
    long[] times = samples.times();
    double span = times[times.length - 1] - times[0];
    double fitting = span * MOST_GAP / Math.max(1, longestWindowMillis);
    int first = (int) Math.max(LEAST_BLOCKS, Math.min(MOST_BLOCKS, fitting));
    for (int blocks = first; blocks <= MOST_BLOCKS; blocks++) {
      Split split = cut(times, blocks, longestWindowMillis);
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
    double length = (double) (times[times.length - 1] - times[0] + 1) / blocks;
    double gap = Math.min(MOST_GAP * length, (double) longestWindowMillis);
    Part[] parts = new Part[times.length];
    Part now = part(times, 0, length);
    long since = times[0];
    parts[0] = now;
    for (int i = 1; i < times.length; i++) {
      Part next = part(times, i, length);
      if (next != now) {
        now = next;
        since = times[i];
      }
      parts[i] = since > times[0] && times[i] - since < gap ? Part.NONE : now;
    }
    return new Split(
        blocks, all(parts, Part.TRAIN), all(parts, Part.VALIDATION), all(parts, Part.TEST));
  }

  private static Part part(long[] times, int i, double length) {
    double at = (times[i] - times[0]) / length;
    double turned = (at + Math.floor(at) * GOLDEN_SECTION) % 1;
    if (turned < VALIDATION_FROM) {
      return Part.TRAIN;
    }
    return turned < TEST_FROM ? Part.VALIDATION : Part.TEST;
  }

  private static int[] all(Part[] parts, Part part) {
    return IntStream.range(0, parts.length).filter(i -> parts[i] == part).toArray();
  }

  private boolean complete(Samples samples) {
    for (int[] part : List.of(train, validation, test)) {
      int[] count = Samples.count(Rows.pick(samples.labels(), part), samples.classes());
      if (Arrays.stream(count).anyMatch(rows -> rows < LEAST_ROWS_OF_CLASS)) {
        return false;
      }
    }
    return true;
  }
}
