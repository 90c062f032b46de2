package io.selvedge.driver.pcf8574;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** Lines as the data sheet draws them: what is written 0 is low, what is 1 may be pulled low. */
class Pcf8574DriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private final FakeI2cBus bus = buses.i2c("i2c1").chip(0x20, this::chip);
  private int driven = 0xff;
  private int pulledLow;

  private void chip(byte[] write, byte[] read) {
    driven = write.length > 0 ? write[0] & 0xff : driven;
    if (read.length > 0) {
      read[0] = (byte) (driven & ~pulledLow);
    }
  }

  @Override
  protected Driver driver() {
    return driver(Map.of("device.id", "relays", "outputs", "0, 1"));
  }

  private Pcf8574Driver driver(Map<String, Object> settings) {
    return new Pcf8574Driver(buses, Configs.of(Pcf8574Config.class, settings));
  }

  @Test
  void readsInputsAndDrivesOutputs() throws Exception {
    Driver driver = driver();
    pulledLow = 0x80;

    driver.write("p0", Value.of(false));

    assertThat(driver.read())
        .hasSize(8)
        .contains(Reading.of("p0", false), Reading.of("p1", true), Reading.of("p6", true))
        .contains(Reading.of("p7", false));
    assertThat(driven).as("inputs stay high").isEqualTo(0xfe);
  }

  @Test
  void letsARelayAsItIsWhenItStarts() throws Exception {
    driven = 0xfd;

    assertThat(driver().read()).contains(Reading.of("p0", true), Reading.of("p1", false));
    assertThat(driven).isEqualTo(0xfd);
  }

  @Test
  void drivesAgainWhatAChipForgotThatLostItsPower() throws Exception {
    Driver driver = driver();
    driver.write("p1", Value.of(false));
    driven = 0xff;

    driver.read();

    assertThat(driven).isEqualTo(0xfd);
  }

  @Test
  void onMeansLowWhereItIsActiveLow() throws Exception {
    Driver driver = driver(Map.of("device.id", "relays", "outputs", "0", "active.low", true));

    driver.write("p0", Value.of(true));

    assertThat(driven).isEqualTo(0xfe);
    assertThat(driver.read()).contains(Reading.of("p0", true), Reading.of("p1", true));
  }

  @Test
  void refusesToDriveAnInput() {
    assertThatThrownBy(() -> driver().write("p2", Value.of(true)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[p2]");
  }

  @Test
  void saysWhichDeviceDoesNotAnswer() {
    bus.remove(0x20);

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[0x20]");
  }
}
