package io.selvedge.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AgreementTest {

  @Test
  void classesAgreeByTheHighest() {
    assertThat(Agreement.agree(new float[] {0.6f, 0.4f}, new float[] {0.9f, 0.1f})).isTrue();
    assertThat(Agreement.agree(new float[] {0.6f, 0.4f}, new float[] {0.4f, 0.6f})).isFalse();
    assertThat(Agreement.agree(new float[] {0.6f, 0.4f}, new float[] {0.6f})).isFalse();
  }

  @Test
  void aProbabilityAgreesBySideAndANumberByDistance() {
    assertThat(Agreement.agree(new float[] {0.51f}, new float[] {0.99f})).isTrue();
    assertThat(Agreement.agree(new float[] {0.51f}, new float[] {0.49f})).isFalse();
    assertThat(Agreement.agree(new float[] {100}, new float[] {104})).isTrue();
    assertThat(Agreement.agree(new float[] {100}, new float[] {106})).isFalse();
  }

  @Test
  void labelsAreNamesOfOutputsOrNumbers() {
    List<String> two = List.of("empty", "occupied");
    assertThat(Agreement.isRight(two, new float[] {0.2f, 0.8f}, "occupied")).isTrue();
    assertThat(Agreement.isRight(two, new float[] {0.2f, 0.8f}, "empty")).isFalse();
    List<String> one = List.of("occupied");
    assertThat(Agreement.isRight(one, new float[] {0.2f}, "occupied")).isFalse();
    assertThat(Agreement.isRight(one, new float[] {0.2f}, "empty")).isTrue();
    assertThat(Agreement.isRight(one, new float[] {0.2f}, "0")).isTrue();
    assertThat(Agreement.isRight(one, new float[] {0.2f}, "1.0")).isFalse();
    assertThat(Agreement.isRight(one, new float[] {20}, "20.5")).isTrue();
    assertThat(Agreement.isRight(one, new float[] {20}, "30")).isFalse();
  }

  /** What a shift by one standard deviation gives is known: about 1. */
  @Test
  void theStabilityIndexIsSmallForTheSameAndLargeForAShift() {
    Random random = new Random(1);
    assertThat(Drift.ofRows(sample(random, 500, 0), sample(random, 500, 0)).orElseThrow())
        .isLessThan(0.05);
    assertThat(Drift.ofRows(sample(random, 500, 0), sample(random, 500, 1)).orElseThrow())
        .isBetween(0.6, 1.6);
    assertThat(Drift.ofRows(sample(random, 19, 0), sample(random, 500, 1))).isEmpty();
  }

  @Test
  void aShortSampleOfTheSameIsNotADrift() {
    Random random = new Random(2);
    double sum = 0;
    for (int i = 0; i < 50; i++) {
      sum += Drift.ofRows(sample(random, 500, 0), sample(random, 40, 0)).orElseThrow();
    }
    assertThat(sum / 50).isLessThan(0.1);
  }

  @Test
  void anInputThatNeverChangesIsNoDriftUntilItDoes() {
    float[] flat = new float[100];
    assertThat(Drift.index(flat.clone(), flat.clone())).isLessThan(0.01);
    float[] other = new float[100];
    java.util.Arrays.fill(other, 5);
    assertThat(Drift.index(flat, other)).isGreaterThan(1);
  }

  @Test
  void percentilesAreAtMostASixteenthOfAnOctaveTooHigh() {
    Latencies latencies = new Latencies();
    assertThat(latencies.percentile(0.99)).isEmpty();
    for (int i = 1; i <= 1000; i++) {
      latencies.add(i * 1_000_000L);
    }
    assertThat(latencies.percentile(0.99).orElseThrow()).isBetween(990.0, 990 * 1.05);
    assertThat(latencies.percentile(0.5).orElseThrow()).isBetween(500.0, 500 * 1.05);
  }

  private static List<float[]> sample(Random random, int rows, float shift) {
    List<float[]> sample = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      sample.add(new float[] {(float) random.nextGaussian() + shift});
    }
    return sample;
  }
}
