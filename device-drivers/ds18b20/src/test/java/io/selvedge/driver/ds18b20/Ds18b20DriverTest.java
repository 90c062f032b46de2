package io.selvedge.driver.ds18b20;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import io.selvedge.testkit.FakeBuses;
import io.selvedge.testkit.FakeOneWireBus;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rows of the data sheet's table 1; the scratchpad at power-on, figure 9. */
class Ds18b20DriverTest extends DriverContract {

  private static final String ID = "28-000001b81c02";

  private final FakeBuses buses = new FakeBuses();
  private final FakeOneWireBus bus =
      buses.oneWire("w1").put(ID, 0x91, 0x01, 0x4b, 0x46, 0x7f, 0xff, 0x0f, 0x10);

  @Override
  protected Driver driver() {
    return new Ds18b20Driver(buses, Configs.of(Ds18b20Config.class, Map.of("device.id", "boiler")));
  }

  @Test
  void readsAboveAndBelowZero() throws Exception {
    assertThat(driver().read()).containsExactly(Reading.of("temperature", 25.0625));

    bus.put(ID, 0x5e, 0xff);
    assertThat(driver().read()).containsExactly(Reading.of("temperature", -10.125));

    bus.put(ID, 0x90, 0xfc);
    assertThat(driver().read()).containsExactly(Reading.of("temperature", -55.0));
  }

  @Test
  void tellsEightyFiveDegreesFromTheValueAtPowerOn() throws Exception {
    bus.put(ID, 0x50, 0x05, 0x4b, 0x46, 0x7f, 0xff, 0x0c, 0x10);
    assertThat(driver().read())
        .containsExactly(
            Reading.missing(
                "temperature", Value.Reason.NOT_READY, "[0x0550], its value at power-on"));

    bus.put(ID, 0x50, 0x05, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff); // as copies of the chip have it
    assertThat(driver().read().get(0).value().present()).isFalse();

    bus.put(ID, 0x50, 0x05, 0x4b, 0x46, 0x7f, 0xff, 0x10, 0x10);
    assertThat(driver().read()).containsExactly(Reading.of("temperature", 85.0));
  }

  @Test
  void measuresNothingWithTooWeakASupply() throws Exception {
    bus.put(ID, 0xff, 0x07, 0x4b, 0x46, 0x7f, 0xff, 0x01, 0x10);
    assertThat(driver().read())
        .containsExactly(
            Reading.missing(
                "temperature", Value.Reason.OUT_OF_RANGE, "[127.9375]; look at its supply"));

    bus.put(ID, 0xd0, 0x07);
    assertThat(driver().read()).containsExactly(Reading.of("temperature", 125.0));
  }

  @Test
  void asksWhichOfTwoIsMeant() {
    bus.put("28-000000000001", 0x91, 0x01);

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll(ID, "28-000000000001", "[id]");
  }

  @Test
  void takesNoDeviceOfAnotherFamily() {
    Map<String, Object> other = Map.of("device.id", "boiler", "id", "10-000801b2c3d4");

    assertThatThrownBy(() -> new Ds18b20Driver(buses, Configs.of(Ds18b20Config.class, other)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[10-000801b2c3d4]");
  }

  @Test
  void saysWhichDeviceDoesNotAnswer() {
    bus.remove(ID);

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("bus [w1] has []");
  }
}
