package io.selvedge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole chain on the shipped programs: sense, decide, act, learn, over a real broker. */
class ChainIT {

  private static final Path SOURCE = Path.of(System.getProperty("selvedge.test.source", ""));
  private static final Path RECORDED =
      Path.of(System.getProperty("selvedge.test.data", ""), "occupancy");

  @TempDir private Path directory;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endWhatIsLeft() {
    started.forEach(Processes::end);
  }

  @Test
  void everyStepIsObservedInASimulatedOffice() throws Exception {
    JsonNode report = runOnce();

    assertThat(report.path("balancedAccuracy").asDouble()).isGreaterThan(0.8);
    assertSameOnBothSides(report, 7 * 24 * 60);
  }

  @Test
  void theRecordedOfficeIsJudgedRightly() throws Exception {
    assumeThat(RECORDED.resolve("datatest.txt"))
        .as("the recorded office, UCI Occupancy Detection, which is not part of the source")
        .isReadable();

    JsonNode report = runOnce("--data", RECORDED.toString());

    assertThat(report.path("balancedAccuracy").asDouble()).isGreaterThanOrEqualTo(0.90);
    assertThat(report.path("decisions").asLong()).isEqualTo(2665);
    assertThat(report.path("measurements").path("hub").asLong()).isEqualTo(3 * (8143 + 2665));
    assertSameOnBothSides(report, 8143 + 2665);
  }

  @Test
  void anInterruptLeavesNoProcessAndNoFile() throws Exception {
    Process demo = start(directory.resolve("out"));
    awaitLine(demo, "✓ Gateway starts");
    List<ProcessHandle> family = demo.descendants().toList();
    assertThat(family).as("hub and gateway").hasSizeGreaterThanOrEqualTo(2);

    new ProcessBuilder("kill", "-INT", Long.toString(demo.pid())).start().waitFor();

    assertThat(demo.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertNothingLeft();
    // What has ended is there until whoever inherited it has looked after it.
    for (ProcessHandle one : family) {
      assertThat(one.onExit()).as(one.toString()).succeedsWithin(Duration.ofMinutes(1));
    }
  }

  @Test
  void recordingsThatAreNotThereAreNamed() throws Exception {
    Process demo = start(directory.resolve("out"), "--once", "--data", directory.toString());

    assertThat(demo.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(demo.exitValue()).isEqualTo(2);
    assertThat(directory.resolve("out"))
        .content()
        .contains("[" + directory.resolve("datatraining.txt") + "]")
        .contains("UCI Occupancy Detection");
  }

  private JsonNode runOnce(String... arguments) throws IOException, InterruptedException {
    Path json = directory.resolve("report.json");
    List<String> all = new ArrayList<>(List.of("--once", "--json", json.toString()));
    all.addAll(List.of(arguments));
    Process demo = start(directory.resolve("out"), all.toArray(String[]::new));

    assertThat(demo.waitFor(8, TimeUnit.MINUTES)).isTrue();

    assertThat(demo.exitValue()).as(Files.readString(directory.resolve("out"))).isZero();
    JsonNode report = Api.JSON.readTree(json.toFile());
    assertThat(report.path("steps")).hasSize(9).allMatch(step -> step.path("ok").asBoolean());
    assertNothingLeft();
    return report;
  }

  private static void assertSameOnBothSides(JsonNode report, long leastRows) {
    JsonNode measurements = report.path("measurements");
    assertThat(measurements.path("gateway").asLong())
        .isEqualTo(measurements.path("hub").asLong())
        .isGreaterThanOrEqualTo(leastRows);
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> left = Files.list(directory.resolve("tmp"))) {
      assertThat(left.filter(path -> path.getFileName().toString().startsWith("selvedge")))
          .isEmpty();
    }
  }

  private Process start(Path output, String... arguments) throws IOException {
    Path target = SOURCE.resolve("distribution/cli/target");
    Path temporary = Files.createDirectories(directory.resolve("tmp"));
    // Under a build in the background Ctrl-C is ignored, and a new process would ignore it, too.
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dselvedge.source=" + SOURCE,
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                target.resolve("classes") + ":" + target.resolve("lib") + "/*",
                SelvedgeMain.class.getName(),
                "demo"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    started.add(process);
    return process;
  }

  private void awaitLine(Process demo, String line) throws IOException, InterruptedException {
    Waiting.until(
        Duration.ofMinutes(5),
        "[" + line + "] in the demo's output",
        () ->
            Files.readString(directory.resolve("out")).contains(line)
                ? java.util.Optional.of(true)
                : java.util.Optional.empty(),
        () -> demo.isAlive() ? "running" : "ended");
  }
}
