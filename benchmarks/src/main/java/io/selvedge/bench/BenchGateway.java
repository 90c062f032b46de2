package io.selvedge.bench;

import io.selvedge.testkit.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A gateway as it is shipped, in a process of its own, on loopback. Closing it ends the process.
 */
public final class BenchGateway implements AutoCloseable {

  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration STOP = Duration.ofSeconds(20);
  private static final int TAIL = 40;

  private final Process process;
  private final Thread end;
  private final Path output;
  private final int port;

  private BenchGateway(Process process, Path output, int port) {
    this.process = process;
    this.output = output;
    this.port = port;
    end = Children.endWithUs(process);
  }

  /** Makes an instance with the shipped configuration. */
  public static void prepare(Path source, Path instance) throws IOException {
    Path shipped = programs(source).resolve("config");
    Path conf = instance.resolve("conf");
    try (Stream<Path> tree = Files.walk(shipped)) {
      for (Path path : tree.toList()) {
        Path target = conf.resolve(shipped.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
    Files.createDirectories(instance.resolve("data"));
    Files.createDirectories(instance.resolve("deploy"));
    Files.writeString(conf.resolve("gateway.properties"), "gateway.id=bench\n");
  }

  private static Path programs(Path source) {
    Path programs = source.resolve("distribution/gateway/target/selvedge-gateway");
    if (!Files.isExecutable(programs.resolve("bin/selvedge"))) {
      throw new UsageException("gateway [" + programs + "] is not built; run ./selvedge build");
    }
    return programs;
  }

  /**
   * Starts one on an instance, and waits until it says that it is ready.
   *
   * @param javaOptions added to those that it is shipped with; may be empty
   */
  public static BenchGateway start(Path source, Path instance, String javaOptions)
      throws IOException, InterruptedException {
    int port = Ports.free();
    Path output = instance.resolveSibling(instance.getFileName() + ".out");
    ProcessBuilder builder =
        new ProcessBuilder(
                programs(source).resolve("bin/selvedge").toString(),
                "run",
                "--instance",
                instance.toString(),
                "--port",
                Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("SELVEDGE_JAVA_OPTS", javaOptions);
    BenchGateway gateway = new BenchGateway(builder.start(), output, port);
    try {
      Waiting.until(START, "gateway ready", gateway::isReady);
      return gateway;
    } catch (IOException | InterruptedException e) {
      gateway.close();
      throw e;
    }
  }

  private boolean isReady() throws IOException, InterruptedException {
    if (!process.isAlive()) {
      throw new IOException(
          "gateway ended with exit code [" + process.exitValue() + "]: " + lastLines());
    }
    try {
      return HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                      .timeout(Duration.ofSeconds(5))
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** The last that it said, for a message that tells why something went wrong. */
  public String lastLines() throws IOException {
    List<String> lines = Files.readAllLines(output);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
  }

  /** Where its console and REST are. */
  public int port() {
    return port;
  }

  public ProcessFacts facts() {
    return new ProcessFacts(process.pid());
  }

  @Override
  public void close() {
    Children.end(process, end, STOP);
  }
}
