package io.selvedge.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SplitTest {

  private static final long MINUTE = 60_000;

  @Test
  void everyFoldHoldsAboutAFifth() {
    Split split = Split.cut(minutes(4000), 20, 5 * MINUTE);

    for (int fold = 0; fold < Split.FOLDS; fold++) {
      int own = fold;
      assertThat(split.rows(other -> other == own)).hasSizeBetween(600, 1000);
    }
    assertThat(split.rows(fold -> true)).hasSizeBetween(3880, 3950);
  }

  @Test
  void aRowNeverLooksBackIntoAnotherFold() {
    int window = 7;
    int[] fold = Split.cut(minutes(4000), 20, window * MINUTE).fold();

    for (int row = window; row < fold.length; row++) {
      if (fold[row] != Split.NONE) {
        int own = fold[row];
        assertThat(Arrays.stream(fold, row - window + 1, row).boxed())
            .as("row %d", row)
            .allMatch(other -> other == own || other == Split.NONE);
      }
    }
  }

  @Test
  void aLongWindowLeavesOutNoMoreThanATwentiethOfEachBlock() {
    Split split = Split.cut(minutes(4000), 20, 24 * 60 * MINUTE);

    assertThat(split.rows(fold -> true)).hasSizeBetween(4000 - 19 * 10, 4000 - 15 * 10);
  }

  @Test
  void noFoldAlwaysMeetsTheSameTimeOfDay() {
    // Five blocks a day; somebody is in throughout the third of each.
    int[] labels = IntStream.range(0, 4000).map(i -> i / 100 % 5 == 2 ? 1 : 0).toArray();
    Split split = Split.cut(minutes(4000), 40, MINUTE);

    for (int fold = 0; fold < Split.FOLDS; fold++) {
      int own = fold;
      int[] rows = split.rows(other -> other == own);
      double share = Arrays.stream(rows).map(i -> labels[i]).average().orElse(Double.NaN);
      assertThat(share).as("fold %d", fold).isBetween(0.1, 0.4);
    }
  }

  @Test
  void shortWindowsGiveMoreBlocks() throws Exception {
    int[] labels = IntStream.range(0, 4000).map(i -> i / 50 % 2).toArray();

    assertThat(Split.of(samples(labels), MINUTE).blocks()).isEqualTo(40);
    assertThat(Split.of(samples(labels), 16 * MINUTE).blocks()).isEqualTo(12);
    assertThat(Split.of(samples(labels), 600 * MINUTE).blocks()).isEqualTo(10);
  }

  @Test
  void refusesRowsThatNoCutGivesEveryFold() {
    int[] labels = IntStream.range(0, 1000).map(i -> i >= 500 && i < 503 ? 1 : 0).toArray();

    assertThatThrownBy(() -> Split.of(samples(labels), MINUTE))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("[997, 3]")
        .hasMessageContaining("give a longer recording");
  }

  private static Samples samples(int[] labels) {
    return new Samples(
        minutes(labels.length), new float[labels.length][1], labels, 2, labels.length, 0, 0);
  }

  private static long[] minutes(int count) {
    return LongStream.range(0, count).map(i -> i * MINUTE).toArray();
  }
}
