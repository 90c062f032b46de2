package io.selvedge.bench.kill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program that is started again as often as it is killed. Its output goes to one file. */
public final class Program implements AutoCloseable {

  private static final int TAIL = 20;
  private static final long GRACE_SECONDS = 30;

  private final String name;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path output;
  private Optional<Process> process = Optional.empty();

  public Program(String name, List<String> command, Map<String, String> environment, Path output) {
    this.name = name;
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.output = output;
  }

  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  public void start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.to(output.toFile()));
    builder.environment().putAll(environment);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    process = Optional.of(builder.start());
  }

  /** SIGKILL, and waits until it is gone. */
  public void kill() throws InterruptedException {
    if (process.isPresent()) {
      process.get().destroyForcibly().waitFor();
    }
  }

  /** SIGTERM; killed where it does not end by itself. */
  void stop() throws InterruptedException {
    if (process.isPresent()) {
      process.get().destroy();
      if (!process.get().waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        kill();
      }
    }
  }

  boolean alive() {
    return process.map(Process::isAlive).orElse(false);
  }

  /** True where it has printed this since its start. */
  public boolean said(String text) throws IOException {
    return Files.exists(output) && Files.readString(output).contains(text);
  }

  /**
   * Ends the bench where the program has ended by itself.
   *
   * @throws IOException with its last lines
   */
  public void mustLive() throws IOException {
    if (process.isPresent() && !process.get().isAlive()) {
      throw new IOException(
          name + " ended by itself with [" + process.get().exitValue() + "]: " + tail());
    }
  }

  /** What it printed last. */
  String tail() throws IOException {
    List<String> lines = Files.exists(output) ? Files.readAllLines(output) : List.of();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
  }

  @Override
  public void close() {
    process.ifPresent(Process::destroyForcibly);
  }
}
