package io.selvedge.driver.template.gpio;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import io.selvedge.testkit.FakeBuses;
import io.selvedge.testkit.FakeGpioBus;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The contact closes for 20 ms. */
class TemplateDriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private final FakeGpioBus chip = buses.gpio("pinctrl-bcm2711");

  @Override
  protected Driver driver() {
    return new TemplateDriver(buses, Configs.of(TemplateConfig.class, Map.of("device.id", "door")));
  }

  @Override
  protected boolean unplug() {
    chip.fail(BusException.Kind.ABSENT);
    return true;
  }

  @Test
  void tellsEachChangeWithItsTime() throws Exception {
    Driver driver = driver();
    assertThat(driver.read()).containsExactly(Reading.of("closed", false));

    chip.drive(17, false).advance(Duration.ofMillis(20));
    chip.drive(17, true).advance(Duration.ofMillis(20));
    assertThat(driver.read())
        .extracting(Reading::value)
        .containsExactly(Value.of(true), Value.of(false));
  }
}
