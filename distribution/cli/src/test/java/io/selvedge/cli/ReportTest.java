package io.selvedge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Report report = new Report(new PrintStream(printed, true, StandardCharsets.UTF_8));

  @Test
  void isNotOkayBeforeAnythingWasObserved() {
    assertThat(report.ok()).isFalse();
  }

  @Test
  void oneStepThatWasNotObservedSpoilsIt(@TempDir Path directory) throws Exception {
    assertThat(report.step("first", () -> "seen [3]")).isTrue();
    assertThat(
            report.step(
                "second",
                () -> {
                  throw new IOException("no answer from [127.0.0.1:1]");
                }))
        .isFalse();

    assertThat(report.ok()).isFalse();
    Path file = directory.resolve("report.json");
    report.figures().put("balancedAccuracy", 0.93);
    report.write(file);
    JsonNode json = Api.JSON.readTree(file.toFile());
    assertThat(json.path("ok").asBoolean(true)).isFalse();
    assertThat(json.path("balancedAccuracy").asDouble()).isEqualTo(0.93);
    assertThat(json.path("steps").get(0).path("ok").asBoolean()).isTrue();
    assertThat(json.path("steps").get(1).path("ok").asBoolean(true)).isFalse();
    assertThat(json.path("steps").get(1).path("observed").asText()).contains("127.0.0.1:1");
  }

  @Test
  void theTableNamesEachStep() throws Exception {
    report.step("Fan acts", () -> "on 3 times");

    report.printTable();

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("Fan acts  yes")
        .contains("on 3 times");
  }
}
