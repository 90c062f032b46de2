package io.selvedge.bench.week;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WeekGatewayTest {

  @Test
  void aPercentileIsAMeasurementThatSoManyDoNotExceed() {
    double[] sorted = new double[200];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = i + 1;
    }

    assertThat(WeekGateway.percentile(sorted, 0.50)).isEqualTo(100);
    assertThat(WeekGateway.percentile(sorted, 0.99)).isEqualTo(198);
    assertThat(WeekGateway.percentile(new double[] {7}, 0.99)).isEqualTo(7);
  }
}
