package io.selvedge.driver.mpu6050;

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

/** Scales of the register map, 4.17 to 4.19. */
class Mpu6050DriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private final FakeI2cBus bus =
      buses
          .i2c("i2c1")
          .put(0x68, 0x75, 0x68)
          .put(0x68, 0x6b, 0x40)
          .put(0x68, 0x3b, 0x40, 0x00, 0xc0, 0x00, 0x00, 0x00) // 16384, -16384, 0
          .put(0x68, 0x41, 0xfe, 0x00) // -512
          .put(0x68, 0x43, 0x00, 0x83, 0xff, 0x7d, 0x00, 0x00); // 131, -131, 0

  @Override
  protected Driver driver() {
    return driver(Map.of("device.id", "pump"));
  }

  private Mpu6050Driver driver(Map<String, Object> settings) {
    return new Mpu6050Driver(buses, Configs.of(Mpu6050Config.class, settings));
  }

  @Test
  void wakesItAndReadsAboveAndBelowZero() throws Exception {
    assertThat(driver().read())
        .contains(
            Reading.of("acceleration_x", 1.0),
            Reading.of("acceleration_y", -1.0),
            Reading.of("turn_x", 1.0),
            Reading.of("turn_y", -1.0),
            Reading.of("temperature", -512 / 340.0 + 36.53));
    assertThat(bus.registers(0x68, 0x6b, 1)).containsExactly(0x01);
  }

  @Test
  void readsALargerRange() throws Exception {
    Driver driver = driver(Map.of("device.id", "pump", "range.g", 16));

    assertThat(driver.read()).contains(Reading.of("acceleration_y", -8.0));
    assertThat(bus.registers(0x68, 0x1c, 1)).containsExactly(0x18);
  }

  @Test
  void setsAChipUpThatIsAwakeWithOtherRanges() throws Exception {
    bus.put(0x68, 0x6b, 0x01).put(0x68, 0x19, 7, 0, 0x18, 0x10);

    driver().read();

    assertThat(bus.registers(0x68, 0x19, 4)).containsExactly(0, 1, 0, 0);
  }

  @Test
  void takesNoSamplesFromAQueueThatRanOver() {
    bus.put(0x68, 0x72, 0x04, 0x00);

    assertThatThrownBy(driver(Map.of("device.id", "pump", "vibration", true))::read)
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("ran over");
    assertThat(bus.transfers()).doesNotContain("68 write [74] read 768");
    assertThat(bus.transfers()).contains("68 write [6a, 04] read 0", "68 write [6a, 40] read 0");
  }

  @Test
  void takesItsSamplesFromTheChipsQueue() throws Exception {
    Driver driver = driver(Map.of("device.id", "pump", "vibration", true));
    assertThatThrownBy(driver::read)
        .isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("[0] bytes", "[768]");

    bus.put(0x68, 0x72, 0x03, 0x00);
    assertThat(driver.read()).extracting(Reading::channel).contains("rms_z", "band_10_50");
    assertThat(driver.channels()).hasSameSizeAs(driver.read());
    assertThat(bus.transfers()).contains("68 write [23, 08] read 0", "68 write [74] read 768");
  }

  @Test
  void saysThatAnotherChipIsThere() {
    bus.put(0x68, 0x75, 0x71);

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[0x71]");
  }

  @Test
  void saysWhichDeviceDoesNotAnswer() {
    bus.remove(0x68);

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[0x68]");
  }
}
