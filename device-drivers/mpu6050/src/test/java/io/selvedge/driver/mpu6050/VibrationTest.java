package io.selvedge.driver.mpu6050;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals whose figures are known from mathematics. */
class VibrationTest {

  private final Vibration vibration = new Vibration("10-50, 50-150, 150-500");

  private Map<String, Value> of(IntToDoubleFunction x) {
    double[][] samples = new double[3][Vibration.SAMPLES];
    for (int i = 0; i < Vibration.SAMPLES; i++) {
      samples[0][i] = x.applyAsDouble(i);
      samples[2][i] = -1; // gravity
    }
    return of(samples);
  }

  private Map<String, Value> of(double[][] samples) {
    Map<String, Value> values = new HashMap<>();
    for (Reading reading : vibration.readings(samples)) {
      values.put(reading.channel(), reading.value());
    }
    return values;
  }

  private static double number(Map<String, Value> values, String channel) {
    return List.of(values.getOrDefault(channel, Value.of("none"))).get(0).number().orElseThrow();
  }

  /** 13 periods in 128 samples: 101.6 Hz, amplitude 1 g. */
  private static double hum(int i) {
    return Math.sin(2 * Math.PI * 13 * i / Vibration.SAMPLES);
  }

  @Test
  void aHumHasTheKurtosisOfASineAndItsPowerInItsBand() {
    Map<String, Value> values = of(VibrationTest::hum);

    assertThat(number(values, "rms_x")).isCloseTo(Math.sqrt(0.5), within(1e-9));
    assertThat(number(values, "kurtosis_x")).isCloseTo(1.5, within(1e-9));
    assertThat(number(values, "band_50_150")).isCloseTo(0.5, within(1e-9));
    assertThat(number(values, "band_10_50")).isCloseTo(0, within(1e-9));
  }

  @Test
  void aBlowHasAHighKurtosis() {
    assertThat(number(of(i -> i == 40 ? 3 : hum(i) / 100), "kurtosis_x")).isGreaterThan(50);
  }

  @Test
  void gravityIsNoVibrationAndHasNoKurtosis() {
    Map<String, Value> values = of(VibrationTest::hum);

    assertThat(number(values, "rms_z")).isZero();
    assertThat(values.get("kurtosis_z")).isInstanceOf(Value.Missing.class);
  }

  @Test
  void allBandsTogetherAreTheSquareOfTheRootMeanSquare() {
    Map<String, Value> values = of(i -> hum(i) + Math.cos(Math.PI * i) / 3 + (i % 7) / 10.0);
    double sum =
        number(values, "band_10_50")
            + number(values, "band_50_150")
            + number(values, "band_150_500");

    // the lowest bin, 7.8 Hz, is in no band, nor the highest, 500 Hz
    assertThat(sum + 1.0 / 9).isCloseTo(Math.pow(number(values, "rms_x"), 2), within(0.01));
  }

  /**
   * Noise and a tone of 100 Hz, which is on no bin. Figures by NumPy: {@code mean(m**2)**0.5},
   * {@code mean(m**4) / mean(m**2)**2}, {@code 2 * abs(fft.rfft(m))**2 / 128**2} summed by band.
   */
  @Test
  void agreesWithAReferenceComputation() {
    double[][] samples = new double[3][Vibration.SAMPLES];
    long seed = 12345;
    for (int n = 0; n < 3 * Vibration.SAMPLES; n++) {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      samples[n / Vibration.SAMPLES][n % Vibration.SAMPLES] = (seed >> 16) % 2001 / 1000.0 - 1;
    }
    for (int i = 0; i < Vibration.SAMPLES; i++) {
      samples[0][i] += Math.sin(2 * Math.PI * 100 * i / Vibration.HZ);
    }

    Map<String, Value> values = of(samples);

    assertThat(number(values, "rms_x")).isCloseTo(0.99570108, within(1e-8));
    assertThat(number(values, "rms_y")).isCloseTo(0.59498332, within(1e-8));
    assertThat(number(values, "rms_z")).isCloseTo(0.58145355, within(1e-8));
    assertThat(number(values, "kurtosis_x")).isCloseTo(2.05390634, within(1e-8));
    assertThat(number(values, "kurtosis_y")).isCloseTo(1.63352681, within(1e-8));
    assertThat(number(values, "kurtosis_z")).isCloseTo(1.79781899, within(1e-8));
    assertThat(number(values, "band_10_50")).isCloseTo(0.09051031911110623, within(1e-9));
    assertThat(number(values, "band_50_150")).isCloseTo(0.7754384259644386, within(1e-9));
    assertThat(number(values, "band_150_500")).isCloseTo(0.79692184096233, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "50-10", "10-501", "10-50; 60-70", "a-b"})
  void refusesBandsThatAreNone(String bands) {
    assertThatThrownBy(() -> new Vibration(bands))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[" + bands + "]");
  }
}
