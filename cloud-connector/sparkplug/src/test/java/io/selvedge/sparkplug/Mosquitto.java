package io.selvedge.sparkplug;

import io.selvedge.testkit.Ports;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Eclipse Mosquitto as a process of its own, where it is installed. */
final class Mosquitto {

  private final Path configuration;
  private final int port;
  private Optional<Process> process = Optional.empty();

  Mosquitto(Path directory) throws Exception {
    Files.createDirectories(directory);
    port = Ports.free();
    configuration = directory.resolve("mosquitto.conf");
    Files.writeString(
        configuration,
        String.join(
            "\n",
            "listener " + port + " 127.0.0.1",
            "allow_anonymous true",
            "user root",
            "persistence false",
            "max_queued_messages 0",
            "log_dest none",
            ""));
  }

  static boolean isInstalled() {
    return program().isPresent();
  }

  private static Optional<String> program() {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin";
    return Stream.of(path.split(":", -1))
        .map(folder -> Path.of(folder, "mosquitto"))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  /** With one more line of configuration. */
  Mosquitto with(String line) throws Exception {
    Files.writeString(configuration, line + "\n", StandardOpenOption.APPEND);
    return this;
  }

  int port() {
    return port;
  }

  Mosquitto start() throws Exception {
    process =
        Optional.of(
            new ProcessBuilder(program().orElseThrow(), "-c", configuration.toString())
                .inheritIO()
                .start());
    Await.until("mosquitto", this::answers);
    return this;
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
      return true;
    } catch (java.io.IOException e) {
      return false;
    }
  }

  /** Ends it at once; its sessions and what it retained are gone. */
  void kill() throws Exception {
    if (process.isPresent()) {
      process.get().destroyForcibly();
      process.get().waitFor(10, TimeUnit.SECONDS);
      process = Optional.empty();
    }
  }
}
