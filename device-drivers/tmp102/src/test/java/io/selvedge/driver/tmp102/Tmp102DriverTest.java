package io.selvedge.driver.tmp102;

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

/** Words of the data sheet, table 5. */
class Tmp102DriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private final FakeI2cBus bus = buses.i2c("i2c1").put(0x48, 0x00, 0x19, 0x00);

  @Override
  protected Driver driver() {
    return new Tmp102Driver(buses, Configs.of(Tmp102Config.class, Map.of("device.id", "hall")));
  }

  @Test
  void readsAboveAndBelowZero() throws Exception {
    assertThat(driver().read()).containsExactly(Reading.of("temperature", 25.0));

    bus.put(0x48, 0x00, 0xe7, 0x00);
    assertThat(driver().read()).containsExactly(Reading.of("temperature", -25.0));

    bus.put(0x48, 0x00, 0xff, 0xc0);
    assertThat(driver().read()).containsExactly(Reading.of("temperature", -0.25));
  }

  /** Table 6, with bit 0 set, as a chip in this mode has it. */
  @Test
  void readsAChipInExtendedMode() throws Exception {
    bus.put(0x48, 0x00, 0x4b, 0x01);
    assertThat(driver().read()).containsExactly(Reading.of("temperature", 150.0));

    bus.put(0x48, 0x00, 0xf3, 0x81);
    assertThat(driver().read()).containsExactly(Reading.of("temperature", -25.0));
  }

  /** LM75 (SNIS153), 7.3.3: 25 Cel is 0 0011 0010, the bits below mean nothing. */
  @Test
  void readsAnLm75() throws Exception {
    bus.put(0x4f, 0x00, 0x19, 0x7f);
    Map<String, Object> lm75 = Map.of("device.id", "hall", "address", "0x4f", "bits", 9);

    assertThat(new Tmp102Driver(buses, Configs.of(Tmp102Config.class, lm75)).read())
        .containsExactly(Reading.of("temperature", 25.0));
  }

  /** As it is just after power-up: 0 until the first conversion. */
  @Test
  void waitsForTheFirstConversion() throws Exception {
    bus.chip(
        0x48,
        (write, read) -> {
          boolean first = bus.transfers().size() == 1;
          read[0] = (byte) (first ? 0 : 0x19);
          read[1] = (byte) (first ? 0 : 0x40);
        });
    assertThat(driver().read()).containsExactly(Reading.of("temperature", 25.25));
    assertThat(bus.transfers()).hasSize(2);
  }

  @Test
  void readsZero() throws Exception {
    bus.put(0x48, 0x00, 0x00, 0x00);

    assertThat(driver().read()).containsExactly(Reading.of("temperature", 0.0));
  }

  @Test
  void saysWhichDeviceDoesNotAnswer() {
    bus.remove(0x48);

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[0x48]");
  }
}
