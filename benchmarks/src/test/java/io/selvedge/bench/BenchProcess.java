package io.selvedge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A bench in a process of its own, as it is run by hand.
 *
 * @param exitValue 0 when no figure fell short
 * @param output what it printed last, short enough to be read among other tests' failures
 * @param figures as its JSON file has them, an array
 */
public record BenchProcess(int exitValue, String output, JsonNode figures) {

  private static final int LINES = 60;
  private static final int CHARACTERS = 300;

  /** For a bench that has had its time: its children are ended before its own exit. */
  private static final int SECONDS_TO_END = 20;

  /**
   * Runs one to its end.
   *
   * @param directory where its files go
   * @throws AssertionError with what it printed last, when it takes longer than {@code patience}
   */
  public static BenchProcess run(Path directory, Duration patience, String... nameAndOptions)
      throws IOException, InterruptedException {
    Path source = Path.of(System.getProperty("selvedge.test.source", ""));
    Path target = source.resolve("benchmarks/target");
    Path json = directory.resolve("figures.json");
    Path output = directory.resolve("out");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dselvedge.source=" + source,
                "-cp",
                target.resolve("classes") + ":" + target.resolve("lib") + "/*",
                "io.selvedge.bench.BenchMain"));
    command.addAll(List.of(nameAndOptions));
    command.addAll(List.of("--dir", directory.toString(), "--json", json.toString()));
    Process bench =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended;
    try {
      ended = bench.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
    } finally {
      bench.destroy();
      bench.waitFor(SECONDS_TO_END, TimeUnit.SECONDS);
    }
    String printed = end(Files.readAllLines(output));
    assertThat(ended).as("ended within [%s]: %s", patience, printed).isTrue();
    assertThat(json).as(printed).exists();
    JsonNode figures = new ObjectMapper().readTree(json.toFile()).path("figures");
    return new BenchProcess(bench.exitValue(), printed, figures);
  }

  private static String end(List<String> lines) {
    return lines.subList(Math.max(0, lines.size() - LINES), lines.size()).stream()
        .map(line -> line.substring(0, Math.min(CHARACTERS, line.length())))
        .collect(Collectors.joining("\n"));
  }

  /** Of the values of all figures whose name ends so. */
  public long sum(String ending) {
    long sum = 0;
    for (JsonNode figure : figures) {
      sum += figure.path("name").asText().endsWith(ending) ? figure.path("value").asLong() : 0;
    }
    return sum;
  }
}
