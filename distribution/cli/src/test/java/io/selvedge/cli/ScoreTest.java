package io.selvedge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScoreTest {

  @Test
  void isTheMeanOfTheTwoRecalls() {
    Score score = new Score();
    for (int i = 0; i < 10; i++) {
      score.add(i < 9, true); // 9 of 10 found
    }
    for (int i = 0; i < 100; i++) {
      score.add(i < 30, false); // 70 of 100 left alone
    }

    assertThat(score.balancedAccuracy()).isCloseTo((0.9 + 0.7) / 2, within(1e-12));
    assertThat(score.count()).isEqualTo(110);
  }

  @Test
  void alwaysYesIsWorthHalf() {
    Score score = new Score();
    score.add(true, true);
    score.add(true, false);

    assertThat(score.balancedAccuracy()).isEqualTo(0.5);
  }

  @Test
  void oneClassAloneProvesNothing() {
    Score score = new Score();
    score.add(true, true);

    assertThat(score.balancedAccuracy()).isZero();
  }
}
