package io.selvedge.driver.bh1750;

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

/** Bytes of the data sheet's example of a measurement. */
class Bh1750DriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private final FakeI2cBus bus = buses.i2c("i2c1").chip(0x23, this::chip);

  @Override
  protected Driver driver() {
    return new Bh1750Driver(buses, Configs.of(Bh1750Config.class, Map.of("device.id", "window")));
  }

  private int count = 0x8390;

  private void chip(byte[] write, byte[] read) {
    if (read.length == 2) {
      read[0] = (byte) (count >> 8);
      read[1] = (byte) count;
    }
  }

  @Test
  void readsDaylightDarknessAndItsLimit() throws Exception {
    assertThat(driver().read().get(0).value().number().orElseThrow()).isCloseTo(28067, within(0.5));

    count = 0;
    assertThat(driver().read()).containsExactly(Reading.of("illuminance", 0.0));

    count = 0xfffe;
    assertThat(driver().read().get(0).value().number().orElseThrow())
        .isCloseTo(54611.7, within(0.05));
  }

  @Test
  void tellsNoFigureForLightBeyondItsFullScale() throws Exception {
    count = 0xffff;

    assertThat(driver().read().get(0).value().display()).contains("OUT_OF_RANGE", "[54612] lx");
  }

  @Test
  void asksForOneMeasurementOfHighResolution() throws Exception {
    driver().read();

    assertThat(bus.transfers()).containsExactly("23 write [20] read 0", "23 write [] read 2");
  }

  @Test
  void saysWhichDeviceDoesNotAnswer() {
    bus.remove(0x23);

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[0x23]");
  }
}
