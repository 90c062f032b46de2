package io.selvedge.mqtt;

import io.selvedge.testkit.Ports;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Eclipse Mosquitto as a process of its own, where it is installed. */
final class MosquittoBroker implements TestBroker {

  private final Path directory;
  private final String program;
  private final String scheme;
  private final int port;
  private Optional<Process> process = Optional.empty();

  /** With lines of its own after that of the listener, and other addresses for it. */
  MosquittoBroker(Path directory, String program, String scheme, String... lines) throws Exception {
    this.directory = directory;
    this.program = program;
    this.scheme = scheme;
    port = Ports.free();
    Files.writeString(
        directory.resolve("mosquitto.conf"),
        "listener "
            + port
            + " 127.0.0.1\nuser root\nlog_dest none\n"
            + String.join("\n", lines)
            + "\n");
  }

  MosquittoBroker(Path directory, String program) throws Exception {
    this.directory = directory;
    this.program = program;
    scheme = "tcp";
    port = Ports.free();
    Path passwords = directory.resolve("passwords");
    Files.writeString(passwords, USER + ":" + PASSWORD + "\n");
    // Debian's tool for passwords stands beside the broker or in /usr/bin
    run("mosquitto_passwd", "-U", passwords.toString());
    Files.writeString(
        directory.resolve("mosquitto.conf"),
        String.join(
            "\n",
            "listener " + port + " 127.0.0.1",
            "password_file " + passwords,
            "user root",
            "persistence true",
            "persistence_location " + directory + "/",
            "max_queued_messages 0",
            "log_dest none",
            ""));
  }

  /** Where it is; empty where it is not installed. */
  static Optional<String> program() {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin";
    return Stream.of(path.split(":", -1))
        .map(folder -> Path.of(folder, "mosquitto"))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  private static void run(String... command) throws Exception {
    Process running = new ProcessBuilder(command).inheritIO().start();
    if (running.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", command));
    }
  }

  @Override
  public String uri() {
    return scheme + "://localhost:" + port;
  }

  @Override
  public void start() throws Exception {
    process =
        Optional.of(
            new ProcessBuilder(program, "-c", directory.resolve("mosquitto.conf").toString())
                .inheritIO()
                .start());
    TestGateway.await("mosquitto", this::answers);
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
      return true;
    } catch (java.io.IOException e) {
      return false;
    }
  }

  @Override
  public void stop() throws Exception {
    if (process.isPresent()) {
      process.get().destroy(); // SIGTERM: it writes its store
      if (!process.get().waitFor(10, TimeUnit.SECONDS)) {
        process.get().destroyForcibly();
      }
      process = Optional.empty();
    }
  }
}
