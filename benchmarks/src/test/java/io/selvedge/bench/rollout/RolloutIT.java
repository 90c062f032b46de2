package io.selvedge.bench.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.bench.BenchProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three gateways in three groups, by the bench as it is run by hand. */
class RolloutIT {

  @TempDir Path directory = Path.of("."); // set before each test

  @Test
  void badModelsEndAtTheCanaryAndABetterOneGetsToAll() throws Exception {
    BenchProcess bench =
        BenchProcess.run(directory, Duration.ofMinutes(20), "rollout", "--gateways", "3");

    assertThat(bench.exitValue()).as(bench.output()).isZero();
    assertThat(bench.figures().findValuesAsText("name"))
        .contains(
            "wrong shape: taken back, paused",
            "corrupted weights: taken back, paused",
            "too slow: taken back, paused",
            "plausible but worse: taken back, paused",
            "better: gateways that run it");
  }
}
