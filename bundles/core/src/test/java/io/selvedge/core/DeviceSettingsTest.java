package io.selvedge.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeviceSettingsTest {

  @Test
  void everythingButTheIdHasADefault() {
    assertThat(DeviceSettings.of("d", Map.of("device.id", "hall", "bus", " ")))
        .isEqualTo(
            new DeviceSettings("hall", "d", "hall", Duration.ofSeconds(1), Duration.ofSeconds(5)));
  }

  @Test
  void numbersMayComeAsTheyAreOrAsText() {
    assertThat(
            DeviceSettings.of(
                "d",
                Map.of(
                    "device.id", "hall", "bus", "i2c", "interval.ms", 250, "deadline.ms", "60000")))
        .isEqualTo(
            new DeviceSettings("hall", "d", "i2c", Duration.ofMillis(250), Duration.ofMinutes(1)));
  }

  @Test
  void whatIsWrongIsRefusedWithTheRule() {
    assertRefused(Map.of(), "[d]", "without the property device.id");
    assertRefused(Map.of("device.id", " "), "without the property device.id");
    assertRefused(Map.of("device.id", "Hall 1"), "[Hall 1]", "lower case letter");
    assertRefused(Map.of("device.id", "a", "interval.ms", "soon"), "interval.ms [soon]", "1 to");
    assertRefused(Map.of("device.id", "a", "interval.ms", 0), "interval.ms [0]");
    assertRefused(Map.of("device.id", "a", "deadline.ms", 9), "deadline.ms [9]", "10 to 86400000");
    assertRefused(Map.of("device.id", "a", "deadline.ms", "1e9"), "deadline.ms [1e9]");
  }

  private static void assertRefused(Map<String, ?> properties, String... contained) {
    assertThatThrownBy(() -> DeviceSettings.of("d", properties))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(contained);
  }
}
