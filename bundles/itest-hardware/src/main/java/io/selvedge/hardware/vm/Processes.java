package io.selvedge.hardware.vm;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Processes that are started here. None outlives this one. */
public final class Processes {

  private static final int TAIL = 30;

  private Processes() {}

  /** One ended with an exit code that is not 0. */
  public static final class EndedException extends IOException {

    private static final long serialVersionUID = 1;

    private final int code;
    private final String tail;

    EndedException(List<String> command, int code, String tail) {
      super("[" + String.join(" ", command) + "] ended with exit code [" + code + "]: " + tail);
      this.code = code;
      this.tail = tail;
    }

    public int code() {
      return code;
    }

    /** How its output ended. */
    public String tail() {
      return tail;
    }
  }

  /**
   * Runs one to its end.
   *
   * @param lines is told each line of its output
   * @throws EndedException where its exit code is not 0; says how its output ended
   */
  public static void run(List<String> command, Consumer<String> lines)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread end = endWithUs(process);
    List<String> tail = new ArrayList<>();
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      String line = reader.readLine();
      while (line != null) {
        lines.accept(line);
        tail.add(line);
        if (tail.size() > TAIL) {
          tail.remove(0);
        }
        line = reader.readLine();
      }
    } finally {
      if (process.isAlive() && Thread.currentThread().isInterrupted()) {
        process.destroyForcibly();
      }
      forget(end);
    }
    int code = process.waitFor();
    if (code != 0) {
      throw new EndedException(command, code, String.join("\n", tail));
    }
  }

  /** Starts one in the background; its output goes to a file. */
  public static Process start(List<String> command, Path output) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  /** Ends a process when this one is ended. */
  public static Thread endWithUs(Process process) {
    Thread hook = new Thread(process::destroyForcibly, "hardware-end");
    Runtime.getRuntime().addShutdownHook(hook);
    return hook;
  }

  /** Ends a process: asked to, and after so long forced to. */
  public static void end(Process process, Thread hook, Duration patience) {
    process.destroy();
    boolean interrupted = false;
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      interrupted = true;
    }
    forget(hook);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // this process is ending: the hook does the work
    }
  }
}
