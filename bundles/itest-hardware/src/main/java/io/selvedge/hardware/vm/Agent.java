package io.selvedge.hardware.vm;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A shell as root in the machine: one command at a time, over a channel that is neither its console
 * nor its network.
 */
public final class Agent implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 900;

  private final ScheduledExecutorService alarm =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "hardware-agent");
            thread.setDaemon(true);
            return thread;
          });
  private final SocketChannel channel;
  private final BufferedReader reader;
  private int number;

  Agent(SocketChannel channel) {
    this.channel = channel;
    reader =
        new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8.newDecoder(), 65536));
  }

  static Agent connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    return new Agent(channel);
  }

  /** What a command did. */
  public record Result(int code, String output) {}

  /** Runs a command of one line and waits for its end. */
  public synchronized Result attempt(String command) throws IOException {
    if (command.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("command [" + command + "] must be one line");
    }
    number++;
    ScheduledFuture<?> late = alarm.schedule(this::giveUp, PATIENCE_SECONDS, TimeUnit.SECONDS);
    try {
      return exchange(command);
    } finally {
      late.cancel(false);
    }
  }

  /** A shell that hangs must not hang the test. */
  private void giveUp() {
    try {
      channel.close();
    } catch (IOException e) {
      // then it is closed
    }
  }

  private Result exchange(String command) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap((number + " " + command + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    String last = "@@ " + number + " ";
    List<String> lines = new ArrayList<>();
    while (true) {
      String line = reader.readLine();
      if (line == null) {
        throw new IOException("machine is gone while it did [" + command + "]");
      }
      if (line.startsWith(last)) {
        return new Result(
            Integer.parseInt(line.substring(last.length()).strip()),
            String.join("\n", lines).strip());
      }
      lines.add(line);
    }
  }

  /**
   * The same, where it has to succeed.
   *
   * @return its output
   */
  public String run(String command) throws IOException {
    Result result = attempt(command);
    if (result.code() != 0) {
      throw new IOException(
          "[" + command + "] ended with [" + result.code() + "]: " + result.output());
    }
    return result.output();
  }

  /** Writes a file in the machine, in one go, as the gateway's user. */
  public void write(String file, String text) throws IOException {
    String coded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    run(
        "echo "
            + coded
            + " | base64 -d >"
            + file
            + ".part && chown 1000:1000 "
            + file
            + ".part && mv "
            + file
            + ".part "
            + file);
  }

  @Override
  public void close() throws IOException {
    alarm.shutdownNow();
    channel.close();
  }
}
