package io.selvedge.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.selvedge.hardware.checks.Must;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  @TempDir Path directory = Path.of("."); // set before each test

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Report report = new Report(new PrintStream(bytes, true, StandardCharsets.UTF_8));

  @Test
  void nothingCheckedIsNotPassed() {
    assertThat(report.pass()).isFalse();
  }

  @Test
  void oneFailureFailsTheWholeAndTheRestIsCheckedAllTheSame() throws Exception {
    report.check("first", () -> "seen");
    report.check(
        "second",
        () -> {
          throw new IOException("not seen");
        });
    report.check("third", () -> "seen too");
    report.figure("boot", 3.5, "s");
    report.print();
    Path json = directory.resolve("result.json");
    report.write(json);

    assertThat(report.pass()).isFalse();
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("PASS  first [seen]", "FAIL  second [not seen]", "PASS  third [seen too]")
        .contains("2 passed, 1 failed");
    JsonNode written = new ObjectMapper().readTree(json.toFile());
    assertThat(written.path("passes").asBoolean(true)).isFalse();
    assertThat(written.path("checks")).hasSize(3);
    assertThat(written.path("figures").get(0).path("value").asDouble()).isEqualTo(3.5);
  }

  @Test
  void aControlPassesOnlyWhereItsCheckFails() throws Exception {
    boolean found =
        report.check(
            "control that finds",
            () ->
                Must.fail(
                    () -> {
                      throw new IOException("wrong");
                    }));
    boolean blind = report.check("control that is blind", () -> Must.fail(() -> "all fine"));

    assertThat(found).isTrue();
    assertThat(blind).isFalse();
  }
}
