package io.selvedge.driver.bme280;

import io.selvedge.api.device.DeviceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What Bosch trimmed into each chip, and its compensation in decimals (8.1). The names are the data
 * sheet's.
 */
final class Calibration {

  static final int LENGTH = 26;
  static final int HUMIDITY_LENGTH = 7;

  private final int t1;
  private final int t2;
  private final int t3;
  private final double[] p = new double[10]; // from 1
  private final int h1;
  private final int h2;
  private final int h3;
  private final int h4;
  private final int h5;
  private final int h6;

  /**
   * @param bytes registers 0x88 to 0xa1
   * @param humidity registers 0xe1 to 0xe7
   */
  Calibration(byte[] bytes, byte[] humidity) throws DeviceException {
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    t1 = words.getShort() & 0xffff;
    t2 = words.getShort();
    t3 = words.getShort();
    p[1] = words.getShort() & 0xffff;
    for (int i = 2; i < p.length; i++) {
      p[i] = words.getShort();
    }
    h1 = bytes[25] & 0xff;
    if (t1 == 0 || p[1] == 0) {
      throw new DeviceException("the chip's calibration is empty; it, or its cable, is damaged");
    }
    ByteBuffer more = ByteBuffer.wrap(humidity).order(ByteOrder.LITTLE_ENDIAN);
    h2 = more.getShort();
    h3 = more.get() & 0xff;
    h4 = (humidity[3] << 4) | (humidity[4] & 0x0f);
    h5 = (humidity[5] << 4) | ((humidity[4] & 0xf0) >> 4);
    h6 = humidity[6];
  }

  /** The fine temperature, which the others need. */
  double fine(int adc) {
    double first = (adc / 16384.0 - t1 / 1024.0) * t2;
    double second = adc / 131072.0 - t1 / 8192.0;
    return first + second * second * t3;
  }

  static double celsius(double fine) {
    return fine / 5120;
  }

  double pascal(int adc, double fine) {
    double var1 = fine / 2 - 64000;
    double var2 = var1 * var1 * p[6] / 32768 + var1 * p[5] * 2;
    var2 = var2 / 4 + p[4] * 65536.0;
    var1 = (p[3] * var1 * var1 / 524288 + p[2] * var1) / 524288;
    var1 = (1 + var1 / 32768) * p[1];
    double pressure = (1048576.0 - adc - var2 / 4096) * 6250 / var1;
    var1 = p[9] * pressure * pressure / 2147483648.0;
    var2 = pressure * p[8] / 32768;
    return pressure + (var1 + var2 + p[7]) / 16;
  }

  double percent(int adc, double fine) {
    double v = fine - 76800;
    double h = adc - (h4 * 64.0 + h5 / 16384.0 * v);
    h *= h2 / 65536.0 * (1 + h6 / 67108864.0 * v * (1 + h3 / 67108864.0 * v));
    h *= 1 - h1 * h / 524288;
    return Math.max(0, Math.min(h, 100));
  }
}
