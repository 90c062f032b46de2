package io.selvedge.training;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A folder with a job and its rows, as the hub makes one, and the process run on it. */
final class JobFolder {

  /** One to one with the fields of docs: a room whose temperature rises while somebody is in. */
  static final String JOB =
      """
      {"model": "occupancy", "version": "1", "outputs": ["empty", "occupied"],
       "inputs": ["temperature"], "network": "mlp", "epochs": 8, "seed": 1, "rows": "rows.csv",
       "features": [
         {"name": "temperature", "of": "temperature", "op": "last"},
         {"name": "temperature_slope_10m", "of": "temperature", "op": "slope", "window": "PT10M"},
         {"name": "weekend", "op": "weekend"}],
       "lineage": {"dataset": "room", "run": "3", "parent": "0"}}
      """;

  private static final long START = 1_422_748_800_000L;

  final Path folder;
  String out = "";
  String err = "";

  JobFolder(Path folder) {
    this.folder = folder;
  }

  JobFolder job(String json) {
    return write("job.json", json);
  }

  JobFolder rows(String csv) {
    return write("rows.csv", csv);
  }

  private JobFolder write(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Runs the job; the answer is the exit code. */
  int run() {
    return run("--job", folder.resolve("job.json").toString(), "--out", out().toString());
  }

  /** Runs the process with these arguments; the answer is the exit code. */
  int run(String... arguments) {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    int code =
        TrainingMain.run(
            new PrintStream(stdout, true, StandardCharsets.UTF_8),
            new PrintStream(stderr, true, StandardCharsets.UTF_8),
            arguments);
    out = stdout.toString(StandardCharsets.UTF_8);
    err = stderr.toString(StandardCharsets.UTF_8);
    return code;
  }

  Path out() {
    return folder.resolve("out");
  }

  /** What the hub shows of a job that was not done. */
  String lastError() {
    List<String> lines = err.lines().toList();
    return lines.get(lines.size() - 1);
  }

  /** A row a minute; somebody comes and goes every two hours; the room follows, with noise. */
  static String room(int minutes) {
    Random random = new Random(4);
    StringBuilder csv = new StringBuilder("time_ms,input,value\n");
    double temperature = 20;
    for (int minute = 0; minute < minutes; minute++) {
      int occupied = minute / 120 % 2;
      temperature += (occupied == 1 ? 0.02 : -0.02) + random.nextGaussian() * 0.01;
      long time = START + minute * 60_000L;
      csv.append(time).append(",temperature,").append(temperature).append('\n');
      csv.append(time).append(",label,").append(occupied).append('\n');
    }
    return csv.toString();
  }
}
