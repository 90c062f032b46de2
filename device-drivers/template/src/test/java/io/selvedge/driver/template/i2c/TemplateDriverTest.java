package io.selvedge.driver.template.i2c;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import io.selvedge.testkit.FakeBuses;
import io.selvedge.testkit.FakeI2cBus;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Words of the data sheet, 7.3.3. */
class TemplateDriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private final FakeI2cBus bus = buses.i2c("i2c1").put(0x48, 0x00, 0x19, 0x00);

  @Override
  protected Driver driver() {
    return new TemplateDriver(buses, Configs.of(TemplateConfig.class, Map.of("device.id", "hall")));
  }

  @Override
  protected boolean unplug() {
    bus.remove(0x48);
    return true;
  }

  @Test
  void readsAboveAndBelowZero() throws Exception {
    assertThat(driver().read()).containsExactly(Reading.of("temperature", 25.0));

    bus.put(0x48, 0x00, 0xe7, 0x00);
    assertThat(driver().read()).containsExactly(Reading.of("temperature", -25.0));
  }
}
