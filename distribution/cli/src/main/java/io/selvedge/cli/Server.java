package io.selvedge.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A hub or gateway in a process of its own, on loopback. Closing it ends the process. */
final class Server implements AutoCloseable {

  private static final Duration START = Duration.ofMinutes(3);
  private static final int TAIL = 15;

  private final String name;
  private final Process process;
  private final Path output;
  private final Api api;

  private Server(String name, Process process, Path output, Api api) {
    this.name = name;
    this.process = process;
    this.output = output;
    this.api = api;
  }

  /** Starts a hub with its data in a directory of its own. */
  static Server hub(Path source, Path data, int http, int mqtt) throws IOException {
    return start(
        "hub",
        List.of(
            Layout.hubScript(source).toString(),
            "--data",
            data.toString(),
            "--http",
            "127.0.0.1:" + http,
            "--mqtt",
            "127.0.0.1:" + mqtt),
        Map.of("DJL_CACHE_DIR", Layout.nativeCache(source).toString()),
        data.resolveSibling("hub.out"),
        http);
  }

  /** Starts a gateway on an instance that is configured already. */
  static Server gateway(Path source, Path instance, int http) throws IOException {
    return start(
        "gateway",
        List.of(
            Layout.gatewayScript(source).toString(),
            "run",
            "--instance",
            instance.toString(),
            "--port",
            Integer.toString(http)),
        Map.of(),
        instance.resolveSibling("gateway.out"),
        http);
  }

  private static Server start(
      String name, List<String> command, Map<String, String> environment, Path output, int port)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    builder.environment().putAll(environment);
    // The children use the Java that runs us.
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return new Server(
        name, builder.start(), output, new Api(URI.create("http://127.0.0.1:" + port)));
  }

  Api api() {
    return api;
  }

  /** Waits until it says itself that it is ready. */
  void awaitReady() throws IOException, InterruptedException {
    Waiting.until(
        START,
        name + " ready at " + api.base(),
        () -> {
          if (!process.isAlive()) {
            throw new Report.NotObserved(
                name + " ended with exit code [" + process.exitValue() + "]: " + lastOutput());
          }
          return api.ready("/health/ready") ? Optional.of(true) : Optional.empty();
        },
        this::lastOutput);
  }

  /** The last lines it printed. */
  String lastOutput() {
    try {
      List<String> lines = Files.readAllLines(output);
      return String.join(
          System.lineSeparator(), lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
    } catch (IOException e) {
      return "no output in " + output;
    }
  }

  @Override
  public void close() {
    Processes.end(process);
  }
}
