package io.selvedge.driver.sht3x;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.testkit.Configs;
import io.selvedge.testkit.recording.ReplayBuses;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The recording of the tutorial: each of its measurements is read, and makes sense. */
class RecordingTest {

  @Test
  void readsADayInTheGreenhouse() throws Exception {
    Path recording =
        Path.of(Objects.requireNonNull(getClass().getResource("greenhouse.txt")).toURI());
    Driver driver =
        new Sht3xDriver(
            ReplayBuses.of(recording),
            Configs.of(Sht3xConfig.class, Map.of("device.id", "greenhouse")));

    for (int i = 0; i < 120; i++) {
      assertThat(driver.read())
          .extracting(Reading::channel)
          .containsExactly("temperature", "humidity");
    }
    assertThat(driver.read().get(0).value().number().orElseThrow()).isBetween(10.0, 12.0);
  }
}
