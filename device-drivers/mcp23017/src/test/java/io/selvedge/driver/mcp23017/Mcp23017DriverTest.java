package io.selvedge.driver.mcp23017;

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

/** Registers of the data sheet, table 3-3; inputs at power-up. */
class Mcp23017DriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private final FakeI2cBus bus = buses.i2c("i2c1").put(0x20, 0x00, 0xff, 0xff);

  @Override
  protected Driver driver() {
    return driver(Map.of("device.id", "cabinet-io", "outputs", "a0, b7"));
  }

  private Mcp23017Driver driver(Map<String, Object> settings) {
    return new Mcp23017Driver(buses, Configs.of(Mcp23017Config.class, settings));
  }

  @Test
  void setsItUpAndReadsItsLines() throws Exception {
    bus.put(0x20, 0x12, 0x02, 0x80);

    assertThat(driver().read())
        .hasSize(16)
        .contains(Reading.of("a0", false), Reading.of("a1", true), Reading.of("b7", true));
    assertThat(bus.registers(0x20, 0x00, 2)).as("directions").containsExactly(0xfe, 0x7f);
    assertThat(bus.registers(0x20, 0x0c, 2)).as("pull-ups").containsExactly(0xfe, 0x7f);
  }

  @Test
  void drivesOneLineAndLeavesTheOthers() throws Exception {
    bus.put(0x20, 0x00, 0xfe, 0xff).put(0x20, 0x14, 0x01, 0x00);

    driver().write("b7", Value.of(true));

    assertThat(bus.registers(0x20, 0x14, 2)).containsExactly(0x01, 0x80);
  }

  @Test
  void keepsLinesHighThatARelayBoardHoldsHigh() throws Exception {
    bus.put(0x20, 0x12, 0xff, 0x00); // as just powered: all are inputs, the latch is 0

    driver().read();

    assertThat(bus.registers(0x20, 0x14, 2)).containsExactly(0x01, 0x00);
    assertThat(bus.transfers())
        .containsSubsequence("20 write [14, 01, 00] read 0", "20 write [00, fe, 7f] read 0");
  }

  @Test
  void setsUpAgainAChipThatLostItsPower() throws Exception {
    Driver driver = driver();
    driver.write("a0", Value.of(true));
    bus.put(0x20, 0x00, 0xff, 0xff).put(0x20, 0x0c, 0, 0).put(0x20, 0x14, 0, 0);

    driver.read();

    assertThat(bus.registers(0x20, 0x00, 2)).containsExactly(0xfe, 0x7f);
    assertThat(bus.registers(0x20, 0x14, 2)).containsExactly(0x01, 0x00);
  }

  @Test
  void refusesLinesThatItDoesNotHaveOrDrive() {
    assertThatThrownBy(() -> driver(Map.of("device.id", "x", "outputs", "c0")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[c0]");
    assertThatThrownBy(() -> driver().write("a1", Value.of(true)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[a1]");
  }

  @Test
  void saysWhichDeviceDoesNotAnswer() {
    bus.remove(0x20);

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[0x20]");
  }
}
