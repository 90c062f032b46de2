package io.selvedge.bench.ota;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.bench.BenchProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred kills amid deployments, by the bench as it is run by hand. */
class OtaKillIT {

  private static final int KILLS = 200;

  @TempDir Path directory = Path.of("."); // set before each test

  @Test
  void afterEachStartTheOldOrTheNewDeploymentRunsAndNothingElse() throws Exception {
    BenchProcess bench =
        BenchProcess.run(
            directory, Duration.ofMinutes(40), "ota-kill", "--kills", Integer.toString(KILLS));

    assertThat(bench.exitValue()).as(bench.output()).isZero();
    for (String kind : List.of("MODEL", "FLOW", "BUNDLE", "CONFIGURATION")) {
      assertThat(bench.sum(": SIGKILL amid " + kind)).as(kind).isPositive();
    }
    assertThat(bench.sum(": SIGKILL before a change to the disk")).isGreaterThan(KILLS / 3);
  }
}
