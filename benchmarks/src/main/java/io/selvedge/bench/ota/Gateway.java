package io.selvedge.bench.ota;

import io.selvedge.bench.Children;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A gateway's process, started again as often as it is killed, and what it says. */
final class Gateway {

  private static final int TAIL = 40;

  /** How it is started. */
  interface Command {
    List<String> of(int haltBefore);
  }

  private final Command command;
  private final Map<String, String> environment;
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final Deque<String> tail = new ArrayDeque<>();
  private Optional<Process> process = Optional.empty();
  private Optional<Thread> end = Optional.empty();

  Gateway(Command command, Map<String, String> environment) {
    this.command = command;
    this.environment = Map.copyOf(environment);
  }

  /** The bundles that take part, and nothing else. */
  static Gateway lean(Path home, Path instance, Path hub, Path probe) {
    return new Gateway(
        halt -> {
          List<String> line = new ArrayList<>();
          line.add(java());
          line.addAll(
              List.of(
                  "-Xmx128m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UnlockDiagnosticVMOptions",
                  "-XX:-BytecodeVerificationRemote")); // a seventh of the start
          line.add("-Dselvedge.deployment.halt.before.change=" + halt);
          line.addAll(List.of("-cp", System.getProperty("java.class.path")));
          line.add(LeanFelix.class.getName());
          for (Path path : List.of(home, instance, hub, probe)) {
            line.add(path.toString());
          }
          return line;
        },
        Map.of());
  }

  /** As it is shipped; the probe lies in its {@code deploy/}. */
  static Gateway shipped(Path home, Path instance, Path hub, int port) {
    return new Gateway(
        halt ->
            List.of(
                home.resolve("bin/selvedge").toString(),
                "run",
                "--instance",
                instance.toString(),
                "--port",
                Integer.toString(port)),
        Map.of("SELVEDGE_JAVA_OPTS", "-Dselvedge.bench.hub=" + hub));
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /**
   * Starts it.
   *
   * @param haltBefore the change to the disk before which it stands still; 0: none
   */
  void start(int haltBefore) throws IOException {
    said.clear();
    synchronized (tail) {
      tail.clear();
    }
    ProcessBuilder builder =
        new ProcessBuilder(command.of(haltBefore))
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().putAll(environment);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process started = builder.start();
    process = Optional.of(started);
    end = Optional.of(Children.endWithUs(started));
    Thread reader = new Thread(() -> read(started), "bench-reader");
    reader.setDaemon(true);
    reader.start();
  }

  private void read(Process from) {
    try (BufferedReader lines = from.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (tail) {
          tail.add(line);
          if (tail.size() > TAIL) {
            tail.remove();
          }
        }
        if (line.startsWith("RUNS ") || line.startsWith("HALT ")) {
          said.add(line);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // it was killed
    }
  }

  /** The next thing it says; empty where it says nothing for so long. */
  Optional<String> next(long millis) throws InterruptedException {
    return Optional.ofNullable(said.poll(millis, TimeUnit.MILLISECONDS));
  }

  boolean alive() {
    return process.filter(Process::isAlive).isPresent();
  }

  /** Its last lines. */
  String tail() {
    synchronized (tail) {
      return String.join("\n    ", tail);
    }
  }

  /** SIGKILL, and waits until it is gone. */
  void kill() throws InterruptedException {
    if (process.isPresent()) {
      process.get().destroyForcibly().waitFor();
      end.ifPresent(Runtime.getRuntime()::removeShutdownHook);
      process = Optional.empty();
      end = Optional.empty();
    }
  }

  /** A new instance that trusts the hub. */
  static void prepare(Path instance, String publicKey) throws IOException {
    Path trust = Files.createDirectories(instance.resolve("conf/trust"));
    Files.writeString(trust.resolve("hub.pub"), publicKey);
    Files.createDirectories(instance.resolve("data"));
    Files.createDirectories(instance.resolve("deploy"));
    Files.writeString(
        instance.resolve("conf/gateway.properties"), "gateway.id=" + Hub.GATEWAY + "\n");
    Files.writeString(Hub.configurationFile(instance.resolve("conf")), Oracle.BEFORE);
  }
}
