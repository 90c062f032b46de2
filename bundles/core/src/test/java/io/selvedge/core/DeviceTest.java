package io.selvedge.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceTest {

  @Test
  void aDeviceThatStaysDownIsAskedLessOftenUpToHalfAMinute() {
    assertThat(pauses(Duration.ofSeconds(1), 8)).containsExactly(1L, 1L, 2L, 4L, 8L, 16L, 30L, 30L);
  }

  @Test
  void aDeviceThatIsAskedSeldomIsAskedAsSeldomWhileDown() {
    assertThat(pauses(Duration.ofMinutes(5), 4)).containsExactly(300L, 300L, 300L, 300L);
  }

  @Test
  void theBackOffDoesNotOverflow() {
    Device device = device(Duration.ofMillis(1));
    for (int i = 0; i < 1_000; i++) {
      device.down("gone");
    }

    assertThat(device.pause()).isEqualTo(Duration.ofSeconds(30));
  }

  private static List<Long> pauses(Duration interval, int count) {
    Device device = device(interval);
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pauses.add(device.pause().toSeconds());
      device.down("gone");
    }
    return pauses;
  }

  private static Device device(Duration interval) {
    return new Device(
        new DeviceSettings("hall", "test", "hall", interval, Duration.ofSeconds(5)),
        new FakeDriver(),
        new FakeEvents(),
        Clock.fixed(Running.NOW, ZoneOffset.UTC),
        row -> {});
  }
}
