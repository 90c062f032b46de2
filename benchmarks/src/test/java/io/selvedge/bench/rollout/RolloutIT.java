package io.selvedge.bench.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three gateways in three groups, by the bench as it is run by hand. */
class RolloutIT {

  private static final Path SOURCE = Path.of(System.getProperty("selvedge.test.source", ""));

  @TempDir Path directory = Path.of("."); // set before each test

  @Test
  void badModelsEndAtTheCanaryAndABetterOneGetsToAll() throws Exception {
    Path json = directory.resolve("figures.json");
    Path output = directory.resolve("out");
    Path target = SOURCE.resolve("benchmarks/target");
    Process bench =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-Dselvedge.source=" + SOURCE,
                    "-cp",
                    target.resolve("classes") + ":" + target.resolve("lib") + "/*",
                    "io.selvedge.bench.BenchMain",
                    "rollout",
                    "--gateways",
                    "3",
                    "--dir",
                    directory.toString(),
                    "--json",
                    json.toString()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(bench.waitFor(20, TimeUnit.MINUTES)).as(Files.readString(output)).isTrue();
    } finally {
      bench.destroy();
      bench.waitFor(20, TimeUnit.SECONDS);
    }
    assertThat(bench.exitValue()).as(Files.readString(output)).isZero();
    JsonNode figures = new ObjectMapper().readTree(json.toFile()).path("figures");
    assertThat(figures.findValuesAsText("name"))
        .contains(
            "wrong shape: taken back, paused",
            "corrupted weights: taken back, paused",
            "too slow: taken back, paused",
            "plausible but worse: taken back, paused",
            "better: gateways that run it");
  }
}
