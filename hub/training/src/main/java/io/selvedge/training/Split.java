package io.selvedge.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Rows apart, so that what judges a network was not what it was trained on. Time is cut into blocks
 * of equal length; of each five neighbouring blocks one goes to each of five folds, drawn by lot
 * (the same lot each time), so that no fold always meets the same time of day. After every change
 * of the fold rows are left out for as long as the longest window, at most a twentieth of a block:
 * they look back into another fold.
 *
 * @param blocks how many blocks
 * @param fold the fold of each row, or {@link #NONE}
 */
record Split(int blocks, int[] fold) {

  /** How many folds there are. */
  static final int FOLDS = 5;

  /** The fold of a row that is left out. */
  static final int NONE = -1;

  private static final int LEAST_BLOCKS = 10;
  private static final int MOST_BLOCKS = 40;
  private static final double MOST_GAP = 0.05;
  private static final long LOT = 1;
  private static final int LEAST_ROWS_OF_CLASS = 2;

  /**
   * Takes as many blocks as leave the gap its whole length, 10 to 40; more, where a fold would have
   * less than two rows of a class.
   *
   * @param longestWindowMillis longest window of any feature
   * @throws TrainingException no cut gives every fold each class
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
            + " cannot be cut by time so that each of "
            + FOLDS
            + " parts has some of every class; give a longer recording in which each class comes"
            + " and goes");
  }

  static Split cut(long[] times, int blocks, long longestWindowMillis) {
    double length = (double) (times[times.length - 1] - times[0] + 1) / blocks;
    double gap = Math.min(MOST_GAP * length, (double) longestWindowMillis);
    int[] lots = lots(blocks);
    int[] fold = new int[times.length];
    int now = lots[0];
    long since = Long.MIN_VALUE / 2; // before the first row nothing was
    for (int i = 0; i < times.length; i++) {
      int next = lots[(int) ((times[i] - times[0]) / length)];
      if (next != now) {
        now = next;
        since = times[i];
      }
      fold[i] = times[i] - since < gap ? NONE : now;
    }
    return new Split(blocks, fold);
  }

  /** The fold of each block. */
  private static int[] lots(int blocks) {
    Random random = new Random(LOT);
    List<Integer> folds = new ArrayList<>();
    while (folds.size() < blocks) {
      List<Integer> five = new ArrayList<>(List.of(0, 1, 2, 3, 4));
      Collections.shuffle(five, random);
      folds.addAll(five);
    }
    return folds.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Indices of the rows whose fold is asked for, ascending. */
  int[] rows(IntPredicate folds) {
    return IntStream.range(0, fold.length)
        .filter(i -> fold[i] != NONE && folds.test(fold[i]))
        .toArray();
  }

  private boolean complete(Samples samples) {
    return IntStream.range(0, FOLDS)
        .mapToObj(one -> Rows.pick(samples.labels(), rows(fold -> fold == one)))
        .flatMapToInt(labels -> Arrays.stream(Samples.count(labels, samples.classes())))
        .allMatch(rows -> rows >= LEAST_ROWS_OF_CLASS);
  }
}
