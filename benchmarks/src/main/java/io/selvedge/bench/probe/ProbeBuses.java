package io.selvedge.bench.probe;

import io.selvedge.api.bus.BusInfo;
import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.GpioBus;
import io.selvedge.api.bus.I2cBus;
import io.selvedge.api.bus.OneWireBus;
import io.selvedge.api.bus.PwmBus;
import io.selvedge.api.bus.SerialBus;
import io.selvedge.api.bus.SpiBus;
import io.selvedge.testkit.FakeBuses;
import io.selvedge.testkit.FakeI2cBus;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The test kit's buses for several threads: each bus is used by its own thread, only finding them
 * is shared. At each I2C address that the shipped drivers have by default is a chip with registers.
 */
final class ProbeBuses implements Buses {

  private static final int BME280 = 0x76;
  private static final int MPU6050 = 0x68;
  private static final int MCP9808 = 0x18;
  private static final int SHT3X = 0x44;
  private static final int SCD4X = 0x62;

  /** BME280's calibration from 0x88 on, from Bosch's example for the BMP280, and a made up rest. */
  private static final int[] CALIBRATION = {
    0x70, 0x6b, 0x43, 0x67, 0x18, 0xfc, 0x7d, 0x8e, 0x43, 0xd6, 0xd0, 0x0b, 0x27, 0x0b, 0x8c, 0x00,
    0xf9, 0xff, 0x8c, 0x3c, 0xf8, 0xc6, 0x70, 0x17, 0x00, 0x4b
  };

  private static final int[] HUMIDITY = {0x6a, 0x01, 0x00, 0x13, 0x29, 0x03, 0x1e};
  private static final int[] RAW = {0x65, 0x5a, 0xc0, 0x7e, 0xed, 0x00, 0x6e, 0x00};

  private final FakeBuses fakes = new FakeBuses();
  private final Set<String> known = new HashSet<>();

  @Override
  public synchronized I2cBus i2c(String name) {
    if (!known.add(name)) {
      return fakes.i2c(name);
    }
    FakeI2cBus bus = fakes.i2c(name);
    for (int address = I2cBus.FIRST_ADDRESS; address <= I2cBus.LAST_ADDRESS; address++) {
      bus.put(address, 0);
    }
    bus.put(BME280, 0x88, CALIBRATION).put(BME280, 0xd0, 0x60).put(BME280, 0xe1, HUMIDITY);
    bus.put(BME280, 0xf7, RAW).put(MPU6050, 0x75, 0x68);
    bus.chip(SHT3X, ProbeBuses::word).chip(SCD4X, ProbeBuses::word);
    bus.chip(MCP9808, ProbeBuses::mcp9808);
    return bus;
  }

  /** Sensirion's example word with its check sum, as often as it is asked for. */
  private static void word(byte[] write, byte[] read) {
    int[] bytes = {0xbe, 0xef, 0x92};
    for (int i = 0; i < read.length; i++) {
      read[i] = (byte) bytes[i % bytes.length];
    }
  }

  private static void mcp9808(byte[] write, byte[] read) {
    int word =
        switch (write[0]) {
          case 6 -> 0x0054;
          case 7 -> 0x0400;
          default -> 0xc194;
        };
    for (int i = 0; i < read.length; i++) {
      read[i] = (byte) (i == 0 ? word >> 8 : word);
    }
  }

  @Override
  public synchronized GpioBus gpio(String chip) {
    return fakes.gpio(chip);
  }

  @Override
  public synchronized SpiBus spi(String name) {
    return fakes.spi(name);
  }

  @Override
  public synchronized PwmBus pwm(String name) {
    return fakes.pwm(name);
  }

  @Override
  public synchronized OneWireBus oneWire(String name) {
    return fakes.oneWire(name).put("28-0000000a1b2c", 0x91, 0x01);
  }

  @Override
  public synchronized SerialBus serial(String path) {
    return fakes.serial(path);
  }

  @Override
  public synchronized List<BusInfo> list() {
    return fakes.list();
  }
}
