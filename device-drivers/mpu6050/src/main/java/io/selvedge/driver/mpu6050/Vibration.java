package io.selvedge.driver.mpu6050;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a machine's vibration says of its bearings: how strong it is (root mean square), how much it
 * knocks (kurtosis: 1.5 for a hum, 3 for noise, more for blows), and where it is strong (power by
 * band, all axes together). Gravity, which does not change, is left out.
 */
final class Vibration {

  static final int SAMPLES = 128;
  static final int HZ = 1000;

  /** All samples, and some for a chip whose clock is slow. */
  static final int MILLIS = SAMPLES * 1000 / HZ * 110 / 100;

  private static final String[] AXES = {"x", "y", "z"};
  private static final Pattern BAND = Pattern.compile("\\s*(\\d{1,3})-(\\d{1,3})\\s*");

  private final List<Band> bands = new ArrayList<>();

  private record Band(int from, int to) {
    String id() {
      return "band_" + from + "_" + to;
    }
  }

  Vibration(String text) {
    for (String one : text.split(",", -1)) {
      Matcher band = BAND.matcher(one);
      if (!band.matches()
          || Integer.parseInt(band.group(1)) >= Integer.parseInt(band.group(2))
          || Integer.parseInt(band.group(2)) > HZ / 2) {
        throw new IllegalArgumentException(
            "bands [" + text + "] must be from-to in Hz, at most 500, for example [10-50, 50-150]");
      }
      bands.add(new Band(Integer.parseInt(band.group(1)), Integer.parseInt(band.group(2))));
    }
  }

  List<Channel> channels() {
    List<Channel> channels = new ArrayList<>();
    for (String axis : AXES) {
      channels.add(Channel.decimal("rms_" + axis, "[g]"));
      channels.add(Channel.decimal("kurtosis_" + axis, "1"));
    }
    bands.forEach(band -> channels.add(Channel.decimal(band.id(), "[g]2")));
    return channels;
  }

  /**
   * @param samples by axis
   */
  List<Reading> readings(double[][] samples) {
    List<Reading> readings = new ArrayList<>();
    double[] power = new double[SAMPLES / 2 + 1];
    for (int axis = 0; axis < AXES.length; axis++) {
      double[] moving = withoutMean(samples[axis]);
      double second = moment(moving, 2);
      readings.add(Reading.of("rms_" + AXES[axis], Math.sqrt(second)));
      String kurtosis = "kurtosis_" + AXES[axis];
      readings.add(
          second > 0
              ? Reading.of(kurtosis, moment(moving, 4) / (second * second))
              : Reading.missing(kurtosis, Reason.OUT_OF_RANGE, "nothing moves"));
      addPower(moving, power);
    }
    for (Band band : bands) {
      double sum = 0;
      for (int bin = 1; bin < power.length; bin++) {
        double hz = (double) bin * HZ / SAMPLES;
        sum += hz >= band.from() && hz < band.to() ? power[bin] : 0;
      }
      readings.add(Reading.of(band.id(), sum));
    }
    return readings;
  }

  private static double[] withoutMean(double[] values) {
    double mean = moment(values, 1);
    double[] moving = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      moving[i] = values[i] - mean;
    }
    return moving;
  }

  private static double moment(double[] values, int order) {
    double sum = 0;
    for (double value : values) {
      sum += Math.pow(value, order);
    }
    return sum / values.length;
  }

  /** Discrete Fourier transform; all bins together are the square of the root mean square. */
  private static void addPower(double[] values, double[] power) {
    for (int bin = 1; bin < power.length; bin++) {
      double real = 0;
      double imaginary = 0;
      for (int i = 0; i < values.length; i++) {
        double angle = 2 * Math.PI * bin * i / values.length;
        real += values[i] * Math.cos(angle);
        imaginary += values[i] * Math.sin(angle);
      }
      double both = bin == values.length / 2 ? 1 : 2; // a bin stands for its mirror image, too
      power[bin] += both * (real * real + imaginary * imaginary) / values.length / values.length;
    }
  }
}
