package io.selvedge.bench.bus;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The program in C: stays, so that what it does and what we do can take turns. */
final class Yardstick implements AutoCloseable {

  private final Process process;
  private final BufferedReader answers;
  private final Writer questions;

  /**
   * Starts it.
   *
   * @param arguments of its {@code serve}
   */
  Yardstick(String program, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program, "serve"));
    command.addAll(arguments);
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    answers = process.inputReader(StandardCharsets.UTF_8);
    questions = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** Nanoseconds that each of so many took. */
  double nanos(String what, int count) throws IOException {
    questions.write(what + " " + count + "\n");
    questions.flush();
    String answer = answers.readLine();
    if (answer == null || !answer.matches("\\d+")) {
      throw new IOException("the program in C said [" + answer + "] to [" + what + "]");
    }
    return Double.parseDouble(answer);
  }

  /** Waits for one that measures edges; what it prints at last is nanoseconds. */
  static double edges(List<String> command, Runnable ready)
      throws IOException, InterruptedException {
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

  @Override
  public void close() {
    process.destroy();
  }
}
