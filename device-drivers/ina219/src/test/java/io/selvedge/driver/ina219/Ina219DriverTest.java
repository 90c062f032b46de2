package io.selvedge.driver.ina219;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import io.selvedge.testkit.FakeBuses;
import io.selvedge.testkit.FakeI2cBus;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The worked example of the data sheet, 8.5.1, table 8: 10 A at 12 V through 2 mΩ. */
class Ina219DriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private final FakeI2cBus bus =
      buses.i2c("i2c1").putWord(0x40, 1, 0x07d0).putWord(0x40, 2, 0x5d98);

  @Override
  protected Driver driver() {
    return new Ina219Driver(
        buses, Configs.of(Ina219Config.class, Map.of("device.id", "battery", "shunt.milliohm", 2)));
  }

  private double value(int at) throws Exception {
    return driver().read().get(at).value().number().orElseThrow();
  }

  @Test
  void readsTheWorkedExample() throws Exception {
    assertThat(value(0)).isCloseTo(11.98, within(1e-9));
    assertThat(value(1)).isCloseTo(10.0, within(1e-9));
    assertThat(value(2)).isCloseTo(119.8, within(1e-9));
  }

  /** 8.6.3.1, table 7: -320 mV is 8300h. */
  @Test
  void readsACurrentTheOtherWayRound() throws Exception {
    bus.putWord(0x40, 1, 0x8300);

    assertThat(value(1)).isCloseTo(-160.0, within(1e-9));
    assertThat(value(2)).isNegative();
  }

  @Test
  void refusesAShuntThatIsNone() {
    Map<String, Object> none = Map.of("device.id", "battery", "shunt.milliohm", 0);

    assertThatThrownBy(() -> new Ina219Driver(buses, Configs.of(Ina219Config.class, none)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[0.0]");
  }

  @Test
  void saysWhichDeviceDoesNotAnswer() {
    bus.remove(0x40);

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[0x40]");
  }
}
