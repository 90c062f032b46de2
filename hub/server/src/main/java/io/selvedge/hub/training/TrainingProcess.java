package io.selvedge.hub.training;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains in a process of its own, so that neither its memory nor a crash of native code is the
 * hub's: {@code COMMAND --job FILE --out DIR}. It tells {@code progress FRACTION TEXT} on stdout
 * and ends with 0, or with another status after {@code error CODE MESSAGE} as the last line of
 * stderr.
 */
public final class TrainingProcess {

  /** Told how far it is: 0 to 1, and what it does. */
  @FunctionalInterface
  public interface Listener extends BiConsumer<Double, String> {}

  private static final Logger log = LoggerFactory.getLogger(TrainingProcess.class);
  private static final Pattern PROGRESS = Pattern.compile("progress ([0-9.]{1,12}) ?(.*)");
  private static final Pattern ERROR = Pattern.compile("error ([a-z0-9_.]{1,64}) (.*)");
  private static final int TAIL = 40;
  private static final int MOST_LINE = 1000;

  private final List<String> command;
  private final Map<String, String> environment;
  private final Duration longest;

  /**
   * @param command the program and its first arguments
   * @param environment added to the hub's own, but for the hub's passwords
   * @param longest ended after that
   */
  public TrainingProcess(List<String> command, Map<String, String> environment, Duration longest) {
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.longest = longest;
  }

  /**
   * Runs one job to its end.
   *
   * @throws TrainingFailed it did not succeed, and why
   * @throws InterruptedException told to stop; the process is ended
   */
  public void run(Path job, Path out, Listener listener)
      throws TrainingFailed, InterruptedException {
    Process process = start(job, out);
    Deque<String> tail = new ArrayDeque<>();
    Thread reader =
        new Thread(() -> read(process.getInputStream(), listener), "hub-training-stdout");
    Thread errors = new Thread(() -> keep(process.getErrorStream(), tail), "hub-training-stderr");
    reader.start();
    errors.start();
    try {
      if (!process.waitFor(longest.toSeconds(), TimeUnit.SECONDS)) {
        throw new TrainingFailed(
            "training.too_long", "training took longer than [" + longest + "] and was ended");
      }
      reader.join();
      errors.join();
      if (process.exitValue() != 0) {
        throw failure(process.exitValue(), tail);
      }
    } finally {
      end(process);
    }
  }

  private Process start(Path job, Path out) throws TrainingFailed {
    List<String> line = new java.util.ArrayList<>(command);
    line.addAll(List.of("--job", job.toString(), "--out", out.toString()));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().keySet().removeIf(name -> name.startsWith("SELVEDGE_HUB_"));
    builder.environment().putAll(environment);
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    try {
      return builder.start();
    } catch (IOException e) {
      throw new TrainingFailed(
          "training.not_started", "training process did not start: " + e.getMessage());
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static void read(InputStream stdout, Listener listener) {
    lines(
        stdout,
        line -> {
          Matcher matcher = PROGRESS.matcher(line);
          if (matcher.matches()) {
            try {
              double fraction = Double.parseDouble(matcher.group(1));
              listener.accept(Math.min(1, fraction), cut(matcher.group(2)));
            } catch (NumberFormatException e) {
              log.debug("Training: {}", line);
            }
          }
        });
  }

  private static void keep(InputStream stderr, Deque<String> tail) {
    lines(
        stderr,
        line -> {
          log.debug("Training: {}", line);
          if (!line.isBlank()) {
            tail.addLast(cut(line));
            if (tail.size() > TAIL) {
              tail.removeFirst();
            }
          }
        });
  }

  private static void lines(InputStream stream, java.util.function.Consumer<String> each) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        each.accept(line);
      }
    } catch (IOException e) {
      log.debug("The training process was ended", e);
    }
  }

  private static TrainingFailed failure(int status, Deque<String> tail) {
    String last = tail.isEmpty() ? "" : tail.getLast();
    Matcher matcher = ERROR.matcher(last);
    if (matcher.matches()) {
      return new TrainingFailed(matcher.group(1), matcher.group(2));
    }
    log.warn("Training ended with status {}; its last words: {}", status, tail);
    return new TrainingFailed(
        "training.crashed",
        "training process ended with status [" + status + "] and said [" + last + "]");
  }

  private static String cut(String text) {
    return text.length() > MOST_LINE ? text.substring(0, MOST_LINE) : text;
  }
}
