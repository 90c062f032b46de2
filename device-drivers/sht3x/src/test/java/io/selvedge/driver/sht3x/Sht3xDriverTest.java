package io.selvedge.driver.sht3x;

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
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Words that stand with their check sums in Sensirion's data sheets (SCD4x, 3.5.2). */
class Sht3xDriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private final FakeI2cBus bus = buses.i2c("i2c1").chip(0x44, this::chip);

  @Override
  protected Driver driver() {
    return new Sht3xDriver(buses, Configs.of(Sht3xConfig.class, Map.of("device.id", "greenhouse")));
  }

  private int[] answer = {0x66, 0x67, 0xa2, 0x5e, 0xb9, 0x3c};

  private void chip(byte[] write, byte[] read) {
    for (int i = 0; i < read.length; i++) {
      read[i] = (byte) answer[i];
    }
  }

  @Test
  void readsAfterItAskedForOneMeasurement() throws Exception {
    assertThat(driver().read().get(0).value().number().orElseThrow())
        .isCloseTo(25.0, within(0.003));
    assertThat(driver().read().get(1).value().number().orElseThrow())
        .isCloseTo(37.0, within(0.003));
    assertThat(bus.transfers()).startsWith("44 write [24, 00] read 0", "44 write [] read 6");
  }

  @Test
  void readsBelowZeroAndAtFullScale() throws Exception {
    answer = new int[] {0x33, 0x33, 0x88, 0xff, 0xff, 0xac};

    assertThat(driver().read())
        .containsExactly(Reading.of("temperature", -10.0), Reading.of("humidity", 100.0));
  }

  @Test
  void refusesAWordThatWasDamagedOnTheWay() {
    answer[4] ^= 1;

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("word [1]", "[3c]");
  }

  @Test
  void saysWhichDeviceDoesNotAnswer() {
    bus.remove(0x44);

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[0x44]");
  }
}
