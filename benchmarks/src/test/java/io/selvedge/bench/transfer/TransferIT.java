package io.selvedge.bench.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.bench.BenchProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bench of transfers as it is run by hand, with a small file: what must hold on any machine,
 * however busy. Rates and latencies are for a quiet one.
 */
class TransferIT {

  @TempDir Path directory = Path.of("."); // set before each test

  @Test
  void nothingThatHasComeComesAgainAndWhatChangedLittleCostsLittle() throws Exception {
    BenchProcess bench =
        BenchProcess.run(
            directory,
            Duration.ofMinutes(10),
            "transfer",
            "--megabytes",
            "12",
            "--cuts",
            "3",
            "--rounds",
            "1",
            "--seconds",
            "2");

    Map<String, Boolean> passes = new HashMap<>();
    for (JsonNode figure : bench.figures()) {
      passes.put(figure.path("name").asText(), figure.path("passes").asBoolean());
    }
    for (String name :
        List.of(
            "cuts that met a transfer under way",
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
