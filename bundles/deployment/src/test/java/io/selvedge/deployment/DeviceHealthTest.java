package io.selvedge.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.DeviceStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceHealthTest {

  static DeviceStatus device(String id, State state, long reads, long failures) {
    return new DeviceStatus(
        id,
        "driver",
        "bus",
        List.of(),
        Duration.ofSeconds(1),
        state,
        Instant.EPOCH,
        "",
        reads,
        failures);
  }

  @Test
  void readsThatAreNotAnsweredAreErrorsUnlessItWasDownBefore() {
    DeviceHealth health =
        new DeviceHealth(
            List.of(device("hall", State.UP, 100, 3), device("attic", State.DOWN, 0, 50)), false);
    assertThat(health.isThere()).isTrue();
    TrialFigures figures =
        health.look(List.of(device("hall", State.UP, 107, 6), device("attic", State.DOWN, 0, 60)));
    assertThat(figures.rows()).isEqualTo(10);
    assertThat(figures.errors()).isEqualTo(3);
    assertThat(health.look(List.of(device("hall", State.UP, 108, 6))).rows()).isEqualTo(11);
  }

  @Test
  void aDeviceThatIsMadeAnewCountsFromTheBeginning() {
    DeviceHealth health = new DeviceHealth(List.of(device("hall", State.UP, 100, 3)), false);
    assertThat(health.look(List.of(device("hall", State.UP, 2, 1))).errors()).isEqualTo(1);
    assertThat(health.look(List.of(device("hall", State.UP, 5, 1))).rows()).isEqualTo(6);
  }

  @Test
  void aDeviceThatIsGoneIsAnErrorEachTimeUnlessItWentOnPurpose() {
    List<DeviceStatus> before = List.of(device("hall", State.UP, 100, 0));
    DeviceHealth health = new DeviceHealth(before, false);
    assertThat(health.look(List.of()).errorRate()).hasValue(1);
    assertThat(health.look(List.of()).errors()).isEqualTo(2);
    assertThat(new DeviceHealth(before, true).look(List.of()).errors()).isZero();
    assertThat(new DeviceHealth(List.of(), false).isThere()).isFalse();
  }
}
