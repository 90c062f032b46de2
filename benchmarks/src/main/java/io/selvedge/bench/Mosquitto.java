package io.selvedge.bench;

import io.selvedge.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Eclipse Mosquitto in a process of its own, on loopback: lets everyone in, keeps nothing on disk,
 * limits nothing. Closing it ends the process.
 */
public final class Mosquitto implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(30);

  private static final Duration STOP = Duration.ofSeconds(5);

  private final Process process;
  private final Thread end;
  private final int port;

  private Mosquitto(Process process, int port) {
    this.process = process;
    this.port = port;
    end = Children.endWithUs(process);
  }

  /**
   * Starts one.
   *
   * @param work where its configuration goes
   * @throws UsageException where it is not installed
   */
  public static Mosquitto start(Path work) throws IOException, InterruptedException {
    return start(work, Ports.free());
  }

  /** The same on this port: a broker that comes back. */
  public static Mosquitto start(Path work, int port) throws IOException, InterruptedException {
    Path configuration = work.resolve("mosquitto-" + port + ".conf");
    Files.writeString(
        configuration,
        String.join(
            "\n",
            "listener " + port + " 127.0.0.1",
            "allow_anonymous true",
            "persistence false",
            "max_inflight_messages 0",
            "max_queued_messages 0",
            "set_tcp_nodelay true",
            "log_dest none",
            ""));
    Process process =
        new ProcessBuilder(program(), "-c", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Mosquitto broker = new Mosquitto(process, port);
    try {
      Waiting.until(START, "mosquitto on port [" + port + "]", broker::answers);
      return broker;
    } catch (IOException | InterruptedException e) {
      broker.close();
      throw e;
    }
  }

  private static String program() {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin";
    return Stream.of(path.split(":", -1))
        .map(folder -> Path.of(folder, "mosquitto"))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "program [mosquitto] is not installed; install it (Debian: apt-get install"
                        + " mosquitto)"));
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

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
