package io.selvedge.driver.ads1115;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** Codes of the data sheet, 9.5.4, table 5; the config register, 9.6.3. */
class Ads1115DriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private final FakeI2cBus bus =
      buses.i2c("i2c1").putWord(0x48, 0, 0x4000).putWord(0x48, 1, 0x8583);

  @Override
  protected Driver driver() {
    return new Ads1115Driver(
        buses, Configs.of(Ads1115Config.class, Map.of("device.id", "tank", "inputs", "0, 2-3")));
  }

  @Test
  void convertsEachInput() throws Exception {
    assertThat(driver().read())
        .containsExactly(Reading.of("in0", 2.048), Reading.of("in2_in3", 2.048));
    // start, input 0 or 2-3, 4.096 V, single shot, 128 a second, no comparator
    assertThat(bus.transfers())
        .contains("48 write [01, c3, 83] read 0", "48 write [01, b3, 83] read 0");
  }

  @Test
  void readsBelowZero() throws Exception {
    bus.putWord(0x48, 0, 0x8001);
    assertThat(driver().read()).contains(Reading.of("in2_in3", -4.096 * 0x7fff / 0x8000));

    bus.putWord(0x48, 0, 0xffff);
    assertThat(driver().read()).contains(Reading.of("in2_in3", -0.000125));
  }

  @ParameterizedTest
  @ValueSource(ints = {0x7fff, 0x8000})
  void saysThatAnInputIsBeyondItsRange(int code) throws Exception {
    bus.putWord(0x48, 0, code);

    assertThat(driver().read())
        .hasSize(2)
        .allSatisfy(
            reading ->
                assertThat(reading.value().display()).contains("OUT_OF_RANGE", "[range = 4.096]"));
  }

  @Test
  void refusesInputsThatItDoesNotHave() {
    Map<String, Object> wrong = Map.of("device.id", "tank", "inputs", "0, 0-2");

    assertThatThrownBy(() -> new Ads1115Driver(buses, Configs.of(Ads1115Config.class, wrong)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("[0, 0-2]", "2-3");
  }

  @Test
  void saysWhichDeviceDoesNotAnswer() {
    bus.remove(0x48);

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[0x48]");
  }
}
