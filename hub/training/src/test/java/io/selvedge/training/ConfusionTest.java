package io.selvedge.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ConfusionTest {

  @Test
  void countsActualByPredicted() {
    int[] labels = {0, 0, 0, 1};
    float[][] outputs = {{0.9f, 0.1f}, {0.4f, 0.6f}, {0.5f, 0.5f}, {0.2f, 0.8f}};

    Confusion confusion = Confusion.of(labels, outputs, 2);

    assertThat(confusion.counts()).isEqualTo(new int[][] {{2, 1}, {0, 1}});
    assertThat(confusion.accuracy()).isEqualTo(0.75);
    assertThat(confusion.balancedAccuracy()).isEqualTo((2.0 / 3 + 1) / 2, within(1e-12));
    assertThat(confusion.majorityBaseline()).isEqualTo(0.75);
  }

  @Test
  void sayingTheMajorityAlwaysIsNoBetterThanGuessing() {
    Confusion lazy = new Confusion(new int[][] {{95, 0}, {5, 0}});

    assertThat(lazy.accuracy()).isEqualTo(0.95);
    assertThat(lazy.balancedAccuracy()).isEqualTo(0.5);
  }

  @Test
  void addsUp() {
    Confusion both =
        new Confusion(new int[][] {{1, 2}, {3, 4}})
            .plus(new Confusion(new int[][] {{5, 0}, {0, 1}}));

    assertThat(both.counts()).isEqualTo(new int[][] {{6, 2}, {3, 5}});
    assertThat(both.rows()).isEqualTo(16);
  }

  @Test
  void aClassThatDoesNotOccurCountsNotAtAll() {
    Confusion confusion = new Confusion(new int[][] {{3, 1, 0}, {0, 4, 0}, {0, 0, 0}});

    assertThat(confusion.balancedAccuracy()).isEqualTo(0.875);
    assertThat(new Confusion(new int[2][2]).balancedAccuracy()).isZero();
  }
}
