package io.selvedge.driver.ina219;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** 8.6.3.1, table 7: -319.99 mV is 8301h. */
  @Test
  void readsACurrentTheOtherWayRound() throws Exception {
    bus.putWord(0x40, 1, 0x8301);

    assertThat(value(1)).isCloseTo(-159.995, within(1e-9));
    assertThat(value(2)).isNegative();
  }

  /** The same table: 320 mV, and all that is more, is 7D00h. */
  @ParameterizedTest
  @ValueSource(ints = {0x7d00, 0x8300})
  void saysThatTheCurrentIsBeyondWhatItMeasures(int code) throws Exception {
    bus.putWord(0x40, 1, code);

    assertThat(value(0)).isCloseTo(11.98, within(1e-9));
    assertThat(driver().read())
        .filteredOn(reading -> !reading.value().present())
        .extracting(Reading::channel)
        .containsExactly("current", "power");
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
