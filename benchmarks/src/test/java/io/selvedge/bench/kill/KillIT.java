package io.selvedge.bench.kill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hundred kills of the shipped programs, by the bench as it is run by hand. */
class KillIT {

  private static final int KILLS = 100;
  private static final Path SOURCE = Path.of(System.getProperty("selvedge.test.source", ""));

  @TempDir Path directory = Path.of("."); // set before each test

  @Test
  void nothingThatWasAcceptedIsLostOrStoredTwice() throws Exception {
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
                    "outbox-kill",
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
      assertThat(bench.waitFor(15, TimeUnit.MINUTES)).as(Files.readString(output)).isTrue();
    } finally {
      bench.destroy();
      bench.waitFor(10, TimeUnit.SECONDS);
    }

    assertThat(bench.exitValue()).as(Files.readString(output)).isZero();
    JsonNode figures = new ObjectMapper().readTree(json.toFile()).path("figures");
    assertThat(sum(figures, ": SIGKILL of the gateway")).isGreaterThanOrEqualTo(65);
    assertThat(sum(figures, ": numbers accepted")).isGreaterThanOrEqualTo(KILLS);
  }

  private static long sum(JsonNode figures, String name) {
    long sum = 0;
    for (JsonNode figure : figures) {
      sum += figure.path("name").asText().endsWith(name) ? figure.path("value").asLong() : 0;
    }
    return sum;
  }
}
