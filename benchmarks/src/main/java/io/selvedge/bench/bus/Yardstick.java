package io.selvedge.bench.bus;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The program in C. */
final class Yardstick {

  private final String program;

  Yardstick(String program) {
    this.program = program;
  }

  /** Runs it; what it prints at last is nanoseconds. */
  double nanos(String... arguments) throws IOException, InterruptedException {
    return nanos(() -> {}, arguments);
  }

  /** The same, and once it says that it is ready something else is begun. */
  double nanos(Runnable ready, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String last = "";
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      while (line != null) {
        if (line.equals("ready")) {
          ready.run();
        }
        last = line;
        line = lines.readLine();
      }
    }
    if (process.waitFor() != 0) {
      throw new IOException(command + " ended with [" + process.waitFor() + "]: " + last);
    }
    return Double.parseDouble(last);
  }
}
