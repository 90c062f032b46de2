package io.selvedge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two drivers of the shipped gateway, replaced five times by each of three ways. */
class DriverSwapIT {

  @TempDir Path work;

  @Test
  void replacingDriversLosesNoRowAndLeavesNothingBehind() throws Exception {
    System.setProperty("selvedge.source", System.getProperty("selvedge.test.source", ""));
    Path json = work.resolve("figures.json");

    int unused =
        BenchMain.run(
            "driver-swap",
            "--times",
            "5",
            "--drivers",
            "tmp102,gpio",
            "--dir",
            work.toString(),
            "--json",
            json.toString());

    Map<String, Double> figures = new HashMap<>();
    for (JsonNode figure : new ObjectMapper().readTree(json.toFile()).path("figures")) {
      figures.put(figure.path("name").asText(), figure.path("value").asDouble());
    }
    assertThat(figures)
        .containsEntry("devices of them that answer", 2.0)
        .containsEntry("updates", 30.0)
        .containsEntry("rows lost on the way", 0.0)
        .containsEntry("threads left", 0.0);
    assertThat(figures.get("class loaders left")).isLessThanOrEqualTo(3);
    // A busy machine misses readings by itself: that limit is for the bench, on a quiet one.
    assertThat(figures).containsKey("readings missed by others");
  }
}
