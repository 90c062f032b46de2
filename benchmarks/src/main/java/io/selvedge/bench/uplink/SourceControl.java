package io.selvedge.bench.uplink;

import io.selvedge.bench.Jars;
import io.selvedge.bench.Waiting;
import io.selvedge.bench.source.SourceActivator;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Tells the bundle in the gateway what to do, and hears when it is done. */
final class SourceControl implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LONGEST_RUN = Duration.ofMinutes(3);

  private final Socket socket;
  private final BufferedReader in;
  private final PrintStream out;

  private SourceControl(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout((int) LONGEST_RUN.toMillis());
    in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    out = new PrintStream(socket.getOutputStream(), true, StandardCharsets.US_ASCII);
  }

  /** Drops the bundle into a gateway that runs, and waits for its call. */
  static SourceControl install(Path instance) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout((int) PATIENCE.toMillis());
      Files.writeString(
          instance.resolve("data/bench.port"), Integer.toString(server.getLocalPort()));
      Path part = instance.resolve("deploy/bench-source.jar.part");
      Files.write(
          part,
          Jars.bundle(
              SourceActivator.class,
              "io.selvedge.api.device,io.selvedge.api.uplink,org.osgi.framework"));
      Files.move(part, instance.resolve("deploy/bench-source.jar"));
      return new SourceControl(server.accept());
    }
  }

  /**
   * Rows from a device to the broker's acknowledgement.
   *
   * @param perSecond 0: as fast as they go
   * @return seconds from the first reading to the last acknowledgement
   */
  double run(String device, int rows, int channels, int perSecond) throws IOException {
    String[] words =
        ask("run " + device + " " + rows + " " + channels + " " + perSecond).split(" ", -1);
    if (!words[0].equals("done")) {
      throw new IOException("gateway has no uplink; it said [" + String.join(" ", words) + "]");
    }
    return Double.parseDouble(words[1]);
  }

  /** Waits until the gateway is connected, by a connection made after its configuration changed. */
  void awaitConnection(String before) throws IOException, InterruptedException {
    Waiting.until(
        PATIENCE,
        "new connection of the gateway",
        () -> {
          String[] words = ask("status").split(" ", -1);
          return words[0].equals("status")
              && words[1].equals("true")
              && !(words[2] + words[3]).equals(before);
        });
  }

  /** What tells this connection from others; empty where there is none. */
  String connection() throws IOException {
    String[] words = ask("status").split(" ", -1);
    return words[0].equals("status") ? words[2] + words[3] : "";
  }

  private String ask(String line) throws IOException {
    out.println(line);
    String answer = in.readLine();
    if (answer == null) {
      throw new EOFException("gateway has ended while it was asked [" + line + "]");
    }
    return answer;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
