package io.selvedge.driver.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.DriverContract;
import io.selvedge.testkit.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SimulatedDriverTest {

  /** A Monday. */
  private static final String MONDAY = "2026-03-02T00:00:00Z";

  private final FakeClock clock = new FakeClock(Instant.parse(MONDAY));
  private final Map<String, Object> config = new HashMap<>(Map.of("device.id", "room"));

  @Nested
  class Contract extends DriverContract {
    @Override
    protected Driver driver() {
      config.put("fault", "garbage");
      config.put("speed", 600);
      return SimulatedDriverTest.this.driver();
    }

    @Override
    protected void beforeRead() {
      clock.advance(Duration.ofSeconds(1));
    }
  }

  @Test
  void inRealTimeAReadIsOneRowAndTheRuntimeStampsIt() throws Exception {
    SimulatedDriver driver = driver();

    List<Reading> row = driver.read();

    assertThat(row).hasSize(8).allMatch(reading -> reading.time().isEmpty());
    assertThat(number("temperature", row)).isBetween(10.0, 25.0);
    assertThat(number("humidity", row)).isBetween(20.0, 90.0);
  }

  @Test
  void inSimulatedTimeEachSampleIsARowWithItsTime() throws Exception {
    config.put("speed", 600);
    SimulatedDriver driver = driver();
    driver.read();

    clock.advance(Duration.ofSeconds(1));
    List<Reading> rows = driver.read();

    assertThat(rows).hasSize(10 * 8);
    assertThat(rows.get(0).time()).contains(Instant.parse("2026-03-02T00:01:00Z"));
    assertThat(rows.get(rows.size() - 1).time()).contains(Instant.parse("2026-03-02T00:10:00Z"));
    assertThat(driver.read()).as("nothing is due yet").isEmpty();
  }

  @Test
  void itCatchesUpInBoundedBatches() throws Exception {
    config.put("speed", 1_000_000);
    SimulatedDriver driver = driver();

    clock.advance(Duration.ofSeconds(1));

    assertThat(driver.read()).hasSize(1_000 * 8);
  }

  @Test
  void theFanAndTheHeaterAct() throws Exception {
    config.put("start", MONDAY);
    config.put("people", 0);
    SimulatedDriver driver = driver();
    SimulatedDriver left = driver();
    driver.write("heater", Value.of(true));

    clock.advance(Duration.ofHours(1));
    double heated = last("temperature", driver.read());
    assertThat(heated).isGreaterThan(last("temperature", left.read()) + 3);

    driver.write("heater", Value.of(false));
    driver.write("fan", Value.of(true));
    clock.advance(Duration.ofHours(1));
    assertThat(last("temperature", driver.read())).isLessThan(heated - 2);
  }

  @Test
  void aSilentDeviceAnswersNothingUntilMended() throws Exception {
    SimulatedDriver driver = driver();
    driver.write("fault", Value.of("silent"));

    assertThatThrownBy(driver::read)
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[silent]");
    assertThatThrownBy(() -> driver.write("fan", Value.of(true))).hasMessageContaining("[silent]");

    driver.write("fault", Value.of("none"));
    assertThat(driver.read()).isNotEmpty();
  }

  @Test
  void aStuckDeviceSaysTheSameForEver() throws Exception {
    SimulatedDriver driver = driver();
    driver.write("fault", Value.of("stuck"));
    List<Reading> before = driver.read();

    clock.advance(Duration.ofHours(10));

    assertThat(driver.read()).isEqualTo(before);
  }

  @Test
  void aNoisyDeviceScatters() throws Exception {
    assertThat(spread("none")).isLessThan(0.2);
    assertThat(spread("noisy")).isGreaterThan(1);
  }

  @Test
  void garbageIsMissingWithItsCheckSumAndSometimesAValueComesThrough() throws Exception {
    config.put("fault", "garbage");
    SimulatedDriver driver = driver();

    HashSet<Boolean> present = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      for (Reading reading : driver.read()) {
        present.add(reading.value().present());
        if (reading.value() instanceof Value.Missing missing) {
          assertThat(missing.reason()).isEqualTo(Value.Reason.DAMAGED);
          assertThat(missing.detail()).contains("check sum [0x");
        }
      }
    }
    assertThat(present).containsExactlyInAnyOrder(true, false);
  }

  @Test
  void wrongValuesAndSettingsAreRefusedWithTheRule() {
    SimulatedDriver driver = driver();

    assertThatThrownBy(() -> driver.write("fault", Value.of("broken")))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[broken]")
        .hasMessageContaining("[none, silent, stuck, noisy, garbage, hang]");
    assertThatThrownBy(() -> driver.write("fan", Value.of("fast")))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("[fan]");
    assertRefused("fault", "odd", "[odd]");
    assertRefused("speed", 0, "[0.0]");
    assertRefused("start", "yesterday", "[yesterday]");
    assertRefused("sample", "PT0S", "[PT0S]");
  }

  /**
   * What a model is to learn must be there: a mere threshold on how fast temperature and moisture
   * rise tells occupied from empty far better than chance.
   */
  @Test
  void occupancyShowsInTemperatureAndHumidity() throws Exception {
    config.put("speed", 1_000_000);
    SimulatedDriver driver = driver();
    List<Double> temperatures = new ArrayList<>();
    List<Double> humidities = new ArrayList<>();
    List<Boolean> occupied = new ArrayList<>();
    clock.advance(Duration.ofSeconds(2));
    while (temperatures.size() < 14 * 24 * 60) {
      for (Reading reading : driver.read()) {
        switch (reading.channel()) {
          case "temperature" -> temperatures.add(reading.value().number().orElseThrow());
          case "humidity" -> humidities.add(reading.value().number().orElseThrow());
          case "occupancy" -> occupied.add(reading.value().equals(Value.of(true)));
          default -> {}
        }
      }
    }

    int hits = 0;
    int positives = 0;
    int falseAlarms = 0;
    int negatives = 0;
    for (int i = 30; i < temperatures.size(); i++) {
      double water = water(temperatures, humidities, i) - water(temperatures, humidities, i - 30);
      boolean guess = water + temperatures.get(i) - temperatures.get(i - 30) > 0.35;
      positives += occupied.get(i) ? 1 : 0;
      negatives += occupied.get(i) ? 0 : 1;
      hits += guess && occupied.get(i) ? 1 : 0;
      falseAlarms += guess && !occupied.get(i) ? 1 : 0;
    }
    double balanced = (hits / (double) positives + 1 - falseAlarms / (double) negatives) / 2;
    assertThat(balanced).isGreaterThan(0.8);
  }

  private static double water(List<Double> temperatures, List<Double> humidities, int i) {
    return humidities.get(i) / 100 * Room.saturation(temperatures.get(i));
  }

  private double spread(String fault) throws Exception {
    config.put("fault", fault);
    SimulatedDriver driver = driver();
    double least = Double.MAX_VALUE;
    double most = -Double.MAX_VALUE;
    for (int i = 0; i < 50; i++) {
      double temperature = number("temperature", driver.read());
      least = Math.min(least, temperature);
      most = Math.max(most, temperature);
    }
    return most - least;
  }

  private void assertRefused(String key, Object value, String contained) {
    Map<String, Object> wrong = new HashMap<>(config);
    wrong.put(key, value);
    assertThatThrownBy(
            () ->
                new SimulatedDriver(Configs.of(SimulatedConfig.class, wrong), clock, clock::nanos))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(contained);
  }

  private SimulatedDriver driver() {
    return new SimulatedDriver(Configs.of(SimulatedConfig.class, config), clock, clock::nanos);
  }

  private static double number(String channel, List<Reading> row) {
    return last(channel, row.subList(0, 8));
  }

  private static double last(String channel, List<Reading> readings) {
    double last = Double.NaN;
    for (Reading reading : readings) {
      if (reading.channel().equals(channel)) {
        last = reading.value().number().orElseThrow();
      }
    }
    return last;
  }
}
