package io.selvedge.driver.bme280;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import io.selvedge.testkit.FakeBuses;
import io.selvedge.testkit.FakeI2cBus;
import io.selvedge.testkit.FakeSpiBus;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The worked example of the BMP280's data sheet, 3.12. */
class Bme280DriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private final FakeI2cBus bus = buses.i2c("i2c1");

  @Override
  protected Driver driver() {
    return new Bme280Driver(buses, Configs.of(Bme280Config.class, Map.of("device.id", "office")));
  }

  private static final int[] CALIBRATION = {
    27504, 26435, -1000, 36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000
  };

  @BeforeEach
  void plugIn() {
    for (int i = 0; i < CALIBRATION.length; i++) {
      bus.put(0x76, 0x88 + 2 * i, CALIBRATION[i], CALIBRATION[i] >> 8);
    }
    bus.put(0x76, 0xa1, 75) // a chip's own: h1 75, h2 361, h3 0, h4 338, h5 50, h6 30
        .put(0x76, 0xe1, 0x69, 0x01, 0x00, 0x15, 0x22, 0x03, 0x1e)
        .put(0x76, 0xd0, 0x60)
        .put(0x76, 0xf7, 0x65, 0x5a, 0xc0, 0x7e, 0xed, 0x00, 0x6a, 0x00);
  }

  @Test
  void readsTheWorkedExample() throws Exception {
    assertThat(value(0)).isCloseTo(25.08, within(0.005));
    assertThat(value(1)).isCloseTo(1006.5327, within(0.00005));
    assertThat(bus.registers(0x76, 0xf4, 1)).containsExactly(0x25);
  }

  private double value(int at) throws Exception {
    return driver().read().get(at).value().number().orElseThrow();
  }

  /** The data sheet has no example of humidity: its other formula, in integers (4.2.3), agrees. */
  @Test
  void readsTheHumidityOfBothFormulas() throws Exception {
    int v = 128422 - 76800;
    int scaled = ((0x6a00 << 14) - (338 << 20) - (50 * v) + 16384) >> 15;
    int factor = ((((v * 30) >> 10) * (((v * 0) >> 11) + 32768)) >> 10) + 2097152;
    v = scaled * (((factor * 361) + 8192) >> 14);
    v -= ((((v >> 15) * (v >> 15)) >> 7) * 75) >> 4;

    assertThat(value(2)).isBetween(20.0, 60.0).isCloseTo((v >> 12) / 1024.0, within(0.01));
  }

  @Test
  void readsBelowZero() throws Exception {
    bus.put(0x76, 0xfa, 0x60, 0x00, 0x00);

    assertThat(value(0)).isCloseTo(-14.79, within(0.01));
  }

  @Test
  void measuresNothingWhereTheChipHasNot() throws Exception {
    bus.put(0x76, 0xf7, 0x80, 0x00, 0x00, 0x80, 0x00, 0x00, 0x80, 0x00);

    assertThat(driver().read())
        .hasSize(3)
        .allSatisfy(reading -> assertThat(reading.value().display()).contains("NOT_READY"));
  }

  @Test
  void readsABmp280() throws Exception {
    bus.put(0x76, 0xd0, 0x58);
    Map<String, Object> bmp280 = Map.of("device.id", "office", "chip", "bmp280");

    Driver driver = new Bme280Driver(buses, Configs.of(Bme280Config.class, bmp280));

    assertThat(driver.channels()).hasSize(2);
    assertThat(driver.read())
        .extracting(Reading::channel)
        .containsExactly("temperature", "pressure");
    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("[0x58]", "[chip = bmp280]");
  }

  /** The same registers over SPI: 6.3.1, 6.3.2; bit 7 is 0 to write. */
  @Test
  void readsOverSpi() throws Exception {
    FakeSpiBus spi =
        buses
            .spi("spi0")
            .chip(
                1,
                sent -> {
                  int register = sent[0] | 0x80;
                  if (sent[0] >= 0) {
                    bus.put(0x76, register & 0xff, sent[1]);
                    return new byte[sent.length];
                  }
                  byte[] answer = new byte[sent.length];
                  byte[] held = bus.registers(0x76, register & 0xff, sent.length - 1);
                  System.arraycopy(held, 0, answer, 1, held.length);
                  return answer;
                });
    Map<String, Object> settings =
        Map.of("device.id", "office", "connection", "spi", "bus", "spi0", "chip.select", 1);
    Driver driver = new Bme280Driver(buses, Configs.of(Bme280Config.class, settings));

    assertThat(driver.read()).isEqualTo(driver().read());
    assertThat(spi.transfers())
        .hasSize(6)
        .startsWith("1 MODE_0 10000000 Hz [d0, 00]")
        .contains("1 MODE_0 10000000 Hz [72, 01]", "1 MODE_0 10000000 Hz [74, 25]")
        .endsWith("1 MODE_0 10000000 Hz [f7, 00, 00, 00, 00, 00, 00, 00, 00]");

    spi.remove(1);
    assertThatThrownBy(driver::read)
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("[chip select 1 of spi0]", "[0x00]");
  }

  @Test
  void refusesACalibrationThatIsEmpty() {
    bus.put(0x76, 0x88, new int[24]);

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("calibration");
  }

  @Test
  void saysWhichDeviceDoesNotAnswer() {
    bus.remove(0x76);

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[0x76]");
  }
}
