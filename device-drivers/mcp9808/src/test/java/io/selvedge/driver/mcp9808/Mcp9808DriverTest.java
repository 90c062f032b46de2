package io.selvedge.driver.mcp9808;

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

/** Words of the data sheet, 5.1.3 and register 5-4. */
class Mcp9808DriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private final FakeI2cBus bus =
      buses.i2c("i2c1").putWord(0x18, 5, 0xc194).putWord(0x18, 6, 0x0054);

  @Override
  protected Driver driver() {
    return new Mcp9808Driver(buses, Configs.of(Mcp9808Config.class, Map.of("device.id", "cellar")));
  }

  @Test
  void readsAboveAndBelowZeroWhateverTheAlarmsSay() throws Exception {
    assertThat(driver().read()).containsExactly(Reading.of("temperature", 25.25));

    bus.putWord(0x18, 5, 0x1e6c);
    assertThat(driver().read()).containsExactly(Reading.of("temperature", -25.25));
  }

  /** As it is just after power-up: 0 until the first conversion. */
  @Test
  void waitsForTheFirstConversion() throws Exception {
    bus.chip(
        0x18,
        (write, read) -> {
          int word = write[0] == 6 ? 0x0054 : bus.transfers().size() < 3 ? 0 : 0xc194;
          read[0] = (byte) (word >> 8);
          read[1] = (byte) word;
        });
    assertThat(driver().read()).containsExactly(Reading.of("temperature", 25.25));
    assertThat(bus.transfers()).hasSize(3);
  }

  @Test
  void readsZero() throws Exception {
    bus.putWord(0x18, 5, 0);

    assertThat(driver().read()).containsExactly(Reading.of("temperature", 0.0));
  }

  @Test
  void saysThatAnotherChipIsThere() {
    bus.putWord(0x18, 6, 0x1234);

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("[0x18]", "[0x1234]");
  }

  @Test
  void saysWhichDeviceDoesNotAnswer() {
    bus.remove(0x18);

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[0x18]");
  }
}
