package io.selvedge.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Processes that a bench starts. None outlives it. */
public final class Children {

  private Children() {}

  /** What a process told. */
  public record Told(Map<String, Double> values) {

    public Told {
      values = Map.copyOf(values);
    }

    /**
     * One value.
     *
     * @throws IOException where it did not tell it
     */
    public double get(String name) throws IOException {
      return Optional.ofNullable(values.get(name))
          .orElseThrow(
              () -> new IOException("process did not tell [" + name + "]; it told " + values));
    }
  }

  /**
   * Runs a class of the benches in a JVM of its own and reads its lines NAME=VALUE.
   *
   * @param until the name after which it is ended by SIGKILL; empty: it ends by itself
   * @return values by name, and "rss": its peak of resident memory in MiB before its last line
   * @throws IOException where it ends otherwise
   */
  public static Told run(Class<?> main, List<String> options, List<String> arguments, String until)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Thread end = endWithUs(process);
    Map<String, Double> values = new HashMap<>();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      while (line != null) {
        int equals = line.indexOf('=');
        values.put(line.substring(0, equals), Double.parseDouble(line.substring(equals + 1)));
        peak(process).ifPresent(peak -> values.put("rss", peak));
        if (line.startsWith(until + "=")) {
          return new Told(values);
        }
        line = lines.readLine();
      }
      if (process.waitFor() != 0 || !until.isEmpty()) {
        throw new IOException(
            "process ["
                + main.getSimpleName()
                + "] ended with exit code ["
                + process.waitFor()
                + "] before it had told everything; it told "
                + values);
      }
      return new Told(values);
    } finally {
      process.destroyForcibly().waitFor();
      Runtime.getRuntime().removeShutdownHook(end);
    }
  }

  /** Ends a process when this one is ended; the hook is removed when the process has ended. */
  public static Thread endWithUs(Process process) {
    Thread hook = new Thread(process::destroyForcibly, "bench-end");
    Runtime.getRuntime().addShutdownHook(hook);
    return hook;
  }

  /**
   * Ends a process: asked to, and after so long forced to.
   *
   * @param hook what {@link #endWithUs} gave
   */
  public static void end(Process process, Thread hook, Duration patience) {
    process.destroy();
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  /** The most memory that a process had resident, in MiB; empty where it is gone. */
  private static Optional<Double> peak(Process process) {
    try {
      return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
