package io.selvedge.driver.hcsr04;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import io.selvedge.testkit.FakeBuses;
import io.selvedge.testkit.FakeGpioBus;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The data sheet's 58 µs a centimetre; its range is 2 cm to 4 m. */
class HcSr04DriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private final FakeGpioBus chip = buses.gpio("gpiochip");
  private Duration echo = Duration.ofNanos(5_800_000);

  @BeforeEach
  void wire() {
    chip.onOutput(
        23,
        high -> {
          if (!high) {
            chip.advance(Duration.ofMillis(1));
            chip.pulse(24, echo);
          }
        });
  }

  @Override
  protected Driver driver() {
    return driver(Map.of("device.id", "tank-level", "bus", "gpiochip"));
  }

  private HcSr04Driver driver(Map<String, Object> settings) {
    return new HcSr04Driver(buses, Configs.of(HcSr04Config.class, settings));
  }

  @Test
  void measuresHowLongTheEchoTakes() throws Exception {
    Driver driver = driver();
    assertThat(driver.read()).containsExactly(Reading.of("distance", 1.0));

    echo = Duration.ofNanos(116_000); // 2 cm
    assertThat(driver.read()).containsExactly(Reading.of("distance", 0.02));
  }

  @Test
  void hasNoDistanceBeyondItsRange() throws Exception {
    Driver driver = driver();
    for (long nanos : new long[] {38_000_000, 100_000}) {
      echo = Duration.ofNanos(nanos);
      assertThat(driver.read().get(0).value())
          .isInstanceOfSatisfying(
              Value.Missing.class,
              missing -> assertThat(missing.reason()).isEqualTo(Value.Reason.OUT_OF_RANGE));
    }
  }

  @Test
  void givesItsLinesBack() throws Exception {
    HcSr04Driver driver = driver(Map.of("device.id", "tank-level", "bus", "gpiochip"));
    driver.read();

    driver.close();

    assertThat(chip.isTaken(23) || chip.isTaken(24)).isFalse();
  }

  @Test
  void saysWhichDeviceDoesNotAnswer() {
    chip.onOutput(23, high -> {});

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("no echo");
  }
}
