package io.selvedge.driver.pca9685;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import io.selvedge.testkit.FakeBuses;
import io.selvedge.testkit.FakeI2cBus;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Figures of the data sheet: prescale 7.3.5, full on and off 7.3.3; asleep at power-up. */
class Pca9685DriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private final FakeI2cBus bus = buses.i2c("i2c1").put(0x40, 0x00, 0x11).put(0x40, 0xfe, 0x1e);

  @Override
  protected Driver driver() {
    return driver(
        Map.of("device.id", "servos", "outputs", "0, 15", "servos", "3", "frequency.hz", 200));
  }

  private Pca9685Driver driver(Map<String, Object> settings) {
    return new Pca9685Driver(buses, Configs.of(Pca9685Config.class, settings));
  }

  @Test
  void wakesItWithTheFrequencyOfTheExample() throws Exception {
    driver().read();

    assertThat(bus.registers(0x40, 0xfe, 1)).containsExactly(30); // 200 Hz at 25 MHz
    assertThat(bus.registers(0x40, 0x00, 1)).containsExactly(0x20);
  }

  @Test
  void letsAChipThatIsAwakeCountItsRegistersUp() throws Exception {
    bus.put(0x40, 0x00, 0x01);

    driver().read();

    assertThat(bus.registers(0x40, 0x00, 1)).containsExactly(0x20);
    assertThat(bus.transfers()).doesNotContain("40 write [00, 10] read 0");
  }

  /** 7.3.1.1: outputs that ran before a sleep run again only by a 1 written to RESTART. */
  @Test
  void letsOutputsRunOnThatRanWithAnotherFrequencyBefore() throws Exception {
    SleepingChip chip = new SleepingChip();
    bus.chip(0x40, chip);

    assertThat(driver().read()).contains(Reading.of("out0", 50.0));

    assertThat(chip.running()).isTrue();
    assertThat(chip.restarts).isEqualTo(1);
  }

  @Test
  void restartsNothingWhereNothingRan() throws Exception {
    driver().read();

    assertThat(bus.transfers()).doesNotContain("40 write [00, a0] read 0");
  }

  @Test
  void drivesAFifthOfTheTimeNothingAndAll() throws Exception {
    Driver driver = driver();

    driver.write("out0", Value.of(20.0));
    assertThat(bus.registers(0x40, 0x06, 4)).containsExactly(0x00, 0x00, 0x33, 0x03); // 819 of 4096
    driver.write("out0", Value.of(0.0));
    assertThat(bus.registers(0x40, 0x06, 4)).containsExactly(0x00, 0x00, 0x00, 0x10);
    driver.write("out15", Value.of(100.0));
    assertThat(bus.registers(0x40, 0x42, 4)).containsExactly(0x00, 0x10, 0x00, 0x00);
    assertThat(driver.read()).contains(Reading.of("out0", 0.0), Reading.of("out15", 100.0));
  }

  @Test
  void drivesAServoByTheLengthOfItsPulse() throws Exception {
    Driver driver = driver();

    driver.write("servo3", Value.of(1500L));

    assertThat(driver.read().get(2).value().number().orElseThrow()).isCloseTo(1500, within(0.7));
  }

  @Test
  void drivesAgainWhatAChipForgotThatLostItsPower() throws Exception {
    Driver driver = driver();
    driver.write("out0", Value.of(50.0));
    bus.put(0x40, 0x00, 0x11).put(0x40, 0x06, 0, 0, 0, 0x10);

    assertThat(driver.read()).contains(Reading.of("out0", 50.0));
  }

  @Test
  void refusesWhatItCannotDrive() {
    assertThatThrownBy(() -> driver().write("out0", Value.of(-1.0)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[-1.0]");
    assertThatThrownBy(() -> driver().write("servo3", Value.of(6000.0)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[6000.0]");
    assertThatThrownBy(() -> driver(Map.of("device.id", "x", "outputs", "3", "servos", "3")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[3]");
    assertThatThrownBy(() -> driver(Map.of("device.id", "x")))
        .hasMessage(
            "outputs [] and servos [] must name an output, for example [0, 1], and none in both");
  }

  @Test
  void saysWhichDeviceDoesNotAnswer() {
    bus.remove(0x40);

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[0x40]");
  }
}
