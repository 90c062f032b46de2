package io.selvedge.driver.template.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import io.selvedge.testkit.FakeBuses;
import io.selvedge.testkit.FakeSpiBus;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Words of the data sheet, tables 2 and 4. */
class TemplateDriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private final FakeSpiBus bus = buses.spi("spi0").answer(0, 0x06, 0x4c, 0x19, 0x00);

  @Override
  protected Driver driver() {
    return new TemplateDriver(buses, Configs.of(TemplateConfig.class, Map.of("device.id", "kiln")));
  }

  @Override
  protected boolean unplug() {
    bus.answer(0, 0xff, 0xff, 0xff, 0xff); // nobody drives the line
    return true;
  }

  @Test
  void readsAboveAndBelowZero() throws Exception {
    assertThat(driver().read()).containsExactly(Reading.of("temperature", 100.75));

    bus.answer(0, 0xf0, 0x60, 0x19, 0x00);
    assertThat(driver().read()).containsExactly(Reading.of("temperature", -250.0));
  }
}
