package io.selvedge.driver.sdm120;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.driver.modbus.Lines;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import io.selvedge.testkit.modbus.ModbusServer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a real server; registers as the meter's protocol gives them: 230.0 V is 43660000. */
class Sdm120DriverTest extends DriverContract {

  private final ModbusServer meter =
      ModbusServer.tcp().input(0, 0x4366).input(12, 0xc2c8); // -100.0 W: it is fed in

  @Override
  protected Driver driver() {
    Map<String, Object> settings = Map.of("device.id", "meter", "bus", meter.bus());
    return new Sdm120Driver(new Lines(), Configs.of(Sdm120Config.class, settings));
  }

  @Override
  protected boolean unplug() {
    stop();
    return true;
  }

  @AfterEach
  void stop() {
    meter.close();
  }

  @Test
  void readsAboveAndBelowZero() throws Exception {
    assertThat(driver().read())
        .hasSize(8)
        .contains(Reading.of("voltage", 230.0), Reading.of("power", -100.0));
  }
}
