package io.selvedge.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Looks at a running gateway from outside, and ends it. */
final class Control {

  private static final Duration STOP_WITHIN = Duration.ofSeconds(30);
  private static final int HTTP_MILLIS = 5_000;
  private static final Pattern CHECK = Pattern.compile("\\{[^{}]*}");

  private final Instance instance;

  Control(Instance instance) {
    this.instance = instance;
  }

  /**
   * What the gateway answers to {@code GET /health/ready}.
   *
   * @param ready status 200
   * @param reason why not: the checks that do not pass
   */
  private record Health(boolean ready, String reason) {}

  String status() throws Problem {
    long pid = requirePid();
    String address = requireAddress(pid);
    Health health = health(address);
    if (!health.ready()) {
      throw Problem.failed(
          "process [" + pid + "] runs at [" + address + "] and is not ready: " + health.reason());
    }
    return "ready at " + address + " (process " + pid + ", instance " + instance.directory() + ")";
  }

  /**
   * Waits for a gateway that another process is bringing up.
   *
   * @param pid that process
   * @throws Problem it is not ready in time, or, as not running, it has ended
   */
  String awaitReady(long pid, Duration within) throws Problem, InterruptedException {
    long end = System.nanoTime() + within.toNanos();
    while (!Optional.of(pid).equals(instance.holder()) || Files.notExists(instance.addressFile())) {
      if (!isAlive(pid)) {
        throw Problem.notRunning("the gateway did not start");
      }
      if (System.nanoTime() > end) {
        throw Problem.failed("the gateway did not start within [" + within.toSeconds() + " s]");
      }
      Thread.sleep(50);
    }
    String address = requireAddress(pid);
    awaitReady(address, Duration.ofNanos(end - System.nanoTime()));
    return "selvedge: ready at " + address + " (process " + pid + ")";
  }

  /** A process that has ended and that nobody has waited for yet is not alive. */
  private static boolean isAlive(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return !stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
    } catch (IOException e) {
      return false;
    }
  }

  void awaitReady(String address, Duration within) throws Problem, InterruptedException {
    long end = System.nanoTime() + within.toNanos();
    Health health = health(address);
    while (!health.ready()) {
      if (System.nanoTime() > end) {
        throw Problem.failed(
            "the gateway at ["
                + address
                + "] is not ready after ["
                + within.toSeconds()
                + " s]: "
                + health.reason()
                + "; see ["
                + instance.log().resolve("gateway.log")
                + "]");
      }
      Thread.sleep(100);
      health = health(address);
    }
  }

  String stop() throws Problem, InterruptedException {
    long pid = requirePid();
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isPresent() && !process.get().destroy()) {
      throw Problem.failed(
          "process [" + pid + "] cannot be stopped by this user; ask as its owner or as root");
    }
    long end = System.nanoTime() + STOP_WITHIN.toNanos();
    while (instance.holder().isPresent()) {
      if (System.nanoTime() > end) {
        process.ifPresent(ProcessHandle::destroyForcibly);
        throw Problem.failed(
            "process ["
                + pid
                + "] did not stop within ["
                + STOP_WITHIN.toSeconds()
                + " s] and was killed; see ["
                + instance.log().resolve("gateway.log")
                + "]");
      }
      Thread.sleep(50);
    }
    return "stopped (process " + pid + ")";
  }

  /** The code that is good for one sign-in; the console keeps it in a private file. */
  String signInCode() throws Problem {
    requirePid();
    Path file = instance.data().resolve("auth/sign-in");
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw Problem.failed(
          "no sign-in code can be read from ["
              + file
              + "]: ask as the user the gateway runs as, or look into the log");
    }
  }

  /** Where the gateway listens. */
  String address() throws Problem {
    return requireAddress(requirePid());
  }

  private long requirePid() throws Problem {
    return instance
        .holder()
        .orElseThrow(
            () ->
                Problem.notRunning(
                    "no gateway runs on instance ["
                        + instance.directory()
                        + "]; begin with selvedge start"));
  }

  private String requireAddress(long pid) throws Problem {
    try {
      return Files.readString(instance.addressFile()).strip();
    } catch (IOException e) {
      throw Problem.failed("process [" + pid + "] is only just starting, or ending; ask again");
    }
  }

  private static Health health(String address) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(address + "health/ready").toURL().openConnection();
      connection.setConnectTimeout(HTTP_MILLIS);
      connection.setReadTimeout(HTTP_MILLIS);
      int code = connection.getResponseCode();
      if (code == HttpURLConnection.HTTP_OK) {
        return new Health(true, "");
      }
      try (InputStream body = connection.getErrorStream()) {
        String text =
            body == null ? "" : new String(body.readNBytes(1 << 16), StandardCharsets.UTF_8);
        return new Health(false, code == 503 ? failing(text) : "HTTP status [" + code + "]");
      }
    } catch (IOException e) {
      return new Health(false, "no answer (" + e.getMessage() + ")");
    }
  }

  /** The checks in {@code {"ready": false, "checks": [{"name", "ok", "message"}]}} that fail. */
  static String failing(String body) {
    String checks =
        CHECK
            .matcher(body)
            .results()
            .map(result -> result.group())
            .filter(check -> check.matches("(?s).*\"ok\"\\s*:\\s*false.*"))
            .map(check -> text(check, "name") + ": " + text(check, "message"))
            .collect(Collectors.joining("; "));
    return checks.isEmpty() ? "still starting" : checks;
  }

  private static String text(String check, String key) {
    Matcher matcher =
        Pattern.compile("\"" + key + "\"\\s*:\\s*\"((?:[^\"\\\\]++|\\\\.)*+)\"").matcher(check);
    return matcher.find() ? matcher.group(1).replaceAll("\\\\(.)", "$1") : "";
  }
}
