package io.selvedge.driver.gpio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import io.selvedge.testkit.FakeBuses;
import io.selvedge.testkit.FakeGpioBus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a fake chip with simulated time. */
class GpioDriverTest extends DriverContract {

  private final FakeBuses buses = new FakeBuses();
  private final FakeGpioBus chip = buses.gpio("gpiochip");
  private static final String LINES =
      "door 17 input pull=up debounce=20 active_low; relay 27 output; flow 22 counter;"
          + " valve 5 output active_low initial=off";

  @Override
  protected Driver driver() {
    return driver(Map.of("device.id", "door", "bus", "gpiochip", "lines", LINES));
  }

  private GpioDriver driver(Map<String, Object> settings) {
    return new GpioDriver(buses, Configs.of(GpioConfig.class, settings));
  }

  @Test
  void readsLevelsAtTheirInterval() throws Exception {
    assertThat(driver().read())
        .containsExactly(
            Reading.of("door", false),
            Reading.of("relay", false),
            Reading.of("flow", 0L),
            Reading.of("valve", false));
    assertThat(chip.isHigh(5)).as("off is high where it is active low").isTrue();
  }

  @Test
  void tellsEachEdgeAtOnceWithItsOwnTime() throws Exception {
    Driver driver = driver();
    AtomicInteger asked = new AtomicInteger();
    driver.attach(asked::incrementAndGet);
    driver.read();
    Instant start = buses.clock().instant();

    chip.drive(17, false);
    buses.advance(Duration.ofMillis(30));
    chip.drive(17, true);
    buses.advance(Duration.ofMillis(30));

    assertThat(asked).hasValue(2);
    assertThat(driver.read())
        .contains(
            Reading.of("door", true).at(start.plusMillis(20)),
            Reading.of("door", false).at(start.plusMillis(50)));
    assertThat(driver.read()).contains(Reading.of("door", false));
  }

  @Test
  void aContactThatBouncesIsPressedOnce() throws Exception {
    Driver driver = driver();
    driver.read();
    for (int i = 0; i < 7; i++) {
      chip.drive(17, i % 2 != 0);
      buses.advance(Duration.ofMillis(2));
    }
    buses.advance(Duration.ofMillis(30));

    assertThat(driver.read()).filteredOn(reading -> reading.channel().equals("door")).hasSize(1);
  }

  @Test
  void countsPulsesAlsoThoseThatTheQueueDidNotHold() throws Exception {
    Driver driver = driver();
    driver.read();
    for (int i = 0; i < 5000; i++) {
      chip.pulse(22, Duration.ofNanos(100_000));
    }
    assertThat(driver.read()).contains(Reading.of("flow", 5000L));

    chip.pulse(22, Duration.ofMillis(1));
    assertThat(driver.read()).contains(Reading.of("flow", 5001L));
  }

  @Test
  void switchesOutputs() throws Exception {
    Driver driver = driver();

    driver.write("relay", Value.of(true));
    driver.write("valve", Value.of(true));

    assertThat(chip.isHigh(27)).isTrue();
    assertThat(chip.isHigh(5)).isFalse();
    assertThat(driver.read()).contains(Reading.of("relay", true), Reading.of("valve", true));
  }

  @Test
  void aDriverThatIsReplacedMakesNoRelayClick() throws Exception {
    GpioDriver old = driver(Map.of("device.id", "r", "bus", "gpiochip", "lines", "r 27 output"));
    old.write("r", Value.of(true));

    old.close();
    Driver fresh = driver(Map.of("device.id", "r", "bus", "gpiochip", "lines", "r 27 output"));

    assertThat(fresh.read()).containsExactly(Reading.of("r", true));
  }

  @ParameterizedTest
  @CsvSource({
    "'', at least one",
    "door 17, 'id, number and what'",
    "door seventeen input, 'id, number and what'",
    "door 17 button, [button]",
    "door 17 input pull=sideways, [sideways]",
    "door 17 input initial=on, [initial]",
    "relay 27 output pull=up, [pull]",
    "door 17 input debounce=long, [long]",
    "door 17 input; door 18 input, twice",
  })
  void saysWhatIsWrongWithALine(String lines, String what) {
    assertThatThrownBy(() -> driver(Map.of("device.id", "x", "bus", "gpiochip", "lines", lines)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(what);
  }

  @Test
  void saysWhichDeviceDoesNotAnswer() {
    chip.fail(BusException.Kind.ABSENT);

    assertThatThrownBy(() -> driver().read())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[gpiochip]");
  }
}
