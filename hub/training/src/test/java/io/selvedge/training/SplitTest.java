package io.selvedge.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SplitTest {

  private static final long MINUTE = 60_000;

  @Test
  void noRowIsInTwoParts() {
    Split split = Split.cut(minutes(1000), 5, 5 * MINUTE);

    assertThat(all(split)).doesNotHaveDuplicates().hasSizeBetween(900, 960);
    assertThat(split.train()).hasSizeBetween(550, 600);
    assertThat(split.validation()).hasSizeBetween(160, 200);
    assertThat(split.test()).hasSizeBetween(160, 200);
  }

  @Test
  void aRowNeverLooksBackIntoAnotherPart() {
    int window = 7;
    Split split = Split.cut(minutes(1000), 5, window * MINUTE);
    int[] part = new int[1000];
    mark(part, split.train(), 1);
    mark(part, split.validation(), 2);
    mark(part, split.test(), 3);

    for (int row = window; row < 1000; row++) {
      if (part[row] != 0) {
        int own = part[row];
        assertThat(Arrays.stream(part, row - window + 1, row).boxed())
            .as("row %d", row)
            .allMatch(other -> other == own || other == 0);
      }
    }
  }

  @Test
  void aLongWindowLeavesOutNoMoreThanATwentiethOfABlockAtEachBorder() {
    Split split = Split.cut(minutes(1000), 5, 24 * 60 * MINUTE);

    // 5 blocks of 200 minutes, at most 4 borders each of 10 minutes.
    assertThat(all(split)).hasSizeGreaterThanOrEqualTo(1000 - 5 * 4 * 10);
  }

  @Test
  void noPartAlwaysMeetsTheSameTimeOfABlock() {
    // Somebody is in for the last fifth of each block.
    int[] labels = IntStream.range(0, 4000).map(i -> i % 200 >= 160 ? 1 : 0).toArray();
    Split split = Split.cut(minutes(4000), 20, MINUTE);

    for (int[] part : new int[][] {split.train(), split.validation(), split.test()}) {
      double share = Arrays.stream(part).map(i -> labels[i]).average().orElse(Double.NaN);
      assertThat(share).isBetween(0.1, 0.3);
    }
  }

  @Test
  void shortWindowsGiveMoreBlocks() throws Exception {
    int[] labels = IntStream.range(0, 4000).map(i -> i / 50 % 2).toArray();

    assertThat(Split.of(samples(labels), MINUTE).blocks()).isEqualTo(40);
    assertThat(Split.of(samples(labels), 20 * MINUTE).blocks()).isEqualTo(9);
    assertThat(Split.of(samples(labels), 600 * MINUTE).blocks()).isEqualTo(5);
  }

  @Test
  void refusesRowsThatNoCutGivesEveryPart() {
    int[] labels = IntStream.range(0, 1000).map(i -> i >= 500 && i < 503 ? 1 : 0).toArray();

    assertThatThrownBy(() -> Split.of(samples(labels), MINUTE))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("[997, 3]")
        .hasMessageContaining("give a longer recording");
  }

  private static int[] all(Split split) {
    return Stream.of(split.train(), split.validation(), split.test())
        .flatMapToInt(Arrays::stream)
        .toArray();
  }

  private static void mark(int[] part, int[] rows, int with) {
    for (int row : rows) {
      part[row] = with;
    }
  }

  private static Samples samples(int[] labels) {
    return new Samples(
        minutes(labels.length), new float[labels.length][1], labels, 2, labels.length, 0, 0);
  }

  private static long[] minutes(int count) {
    return LongStream.range(0, count).map(i -> i * MINUTE).toArray();
  }
}
