package io.selvedge.driver.template.modbus;

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

/** Against a real Modbus server, with words of the register list. */
class TemplateDriverTest extends DriverContract {

  private final ModbusServer server = ModbusServer.tcp().input(0, 250, 405);

  @Override
  protected Driver driver() {
    Map<String, Object> settings = Map.of("device.id", "roof", "bus", server.bus());
    return new TemplateDriver(new Lines(), Configs.of(TemplateConfig.class, settings));
  }

  @Override
  protected boolean unplug() {
    stop();
    return true;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void readsAboveAndBelowZero() throws Exception {
    assertThat(driver().read())
        .containsExactly(Reading.of("temperature", 25.0), Reading.of("humidity", 40.5));

    server.input(0, 0xff9c);
    assertThat(driver().read()).contains(Reading.of("temperature", -10.0));
  }
}
