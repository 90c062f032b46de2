package io.selvedge.bench.ota;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred kills amid deployments, by the bench as it is run by hand. */
class OtaKillIT {

  private static final int KILLS = 200;
  private static final Path SOURCE = Path.of(System.getProperty("selvedge.test.source", ""));

  @TempDir Path directory = Path.of("."); // set before each test

  @Test
  void afterEachStartTheOldOrTheNewDeploymentRunsAndNothingElse() throws Exception {
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
                    "ota-kill",
                    "--kills",
                    Integer.toString(KILLS),
                    "--dir",
                    directory.toString(),
                    "--json",
                    json.toString()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(bench.waitFor(40, TimeUnit.MINUTES)).as(Files.readString(output)).isTrue();
    } finally {
      bench.destroy();
      bench.waitFor(10, TimeUnit.SECONDS);
    }

    assertThat(bench.exitValue()).as(Files.readString(output)).isZero();
    JsonNode figures = new ObjectMapper().readTree(json.toFile()).path("figures");
    for (String kind : List.of("MODEL", "FLOW", "BUNDLE", "CONFIGURATION")) {
      assertThat(sum(figures, ": SIGKILL amid " + kind)).as(kind).isPositive();
    }
    assertThat(sum(figures, ": SIGKILL before a change to the disk")).isGreaterThan(KILLS / 3);
  }

  private static long sum(JsonNode figures, String name) {
    long sum = 0;
    for (JsonNode figure : figures) {
      sum += figure.path("name").asText().endsWith(name) ? figure.path("value").asLong() : 0;
    }
    return sum;
  }
}
