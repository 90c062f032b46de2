package io.selvedge.bench.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bench of transfers as it is run by hand, with a small file: what must hold on any machine,
 * however busy. Rates and latencies are for a quiet one.
 */
class TransferIT {

  private static final Path SOURCE = Path.of(System.getProperty("selvedge.test.source", ""));

  @TempDir Path directory = Path.of("."); // set before each test

  @Test
  void nothingThatHasComeComesAgainAndWhatChangedLittleCostsLittle() throws Exception {
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
                    "transfer",
                    "--megabytes",
                    "12",
                    "--cuts",
                    "3",
                    "--rounds",
                    "1",
                    "--seconds",
                    "2",
                    "--dir",
                    directory.toString(),
                    "--json",
                    json.toString()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(bench.waitFor(10, TimeUnit.MINUTES)).as(Files.readString(output)).isTrue();
    } finally {
      bench.destroy();
      bench.waitFor(10, TimeUnit.SECONDS);
    }

    assertThat(json).as(Files.readString(output)).exists();
    Map<String, Boolean> passes = new HashMap<>();
    for (JsonNode figure : new ObjectMapper().readTree(json.toFile()).path("figures")) {
      passes.put(figure.path("name").asText(), figure.path("passes").asBoolean());
    }
    for (String name :
        List.of(
            "fetched again after 3 cuts",
            "fetched again after a kill of the gateway",
            "fetched again after a kill of the hub",
            "next version, 5 % changed: the head",
            "next version, 5 % changed: five layers",
            "next version, 5 % changed: the head, and a longer header")) {
      assertThat(passes).containsEntry(name, true);
    }
  }
}
