package io.selvedge.hardware.host;

import io.selvedge.hardware.vm.Processes;
import io.selvedge.hardware.vm.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Eclipse Mosquitto on loopback, keeping nothing. Closing it ends the process. */
public final class Broker implements AutoCloseable {

  private static final Duration STOP = Duration.ofSeconds(5);
  private static final long LOOK_MILLIS = 20;

  private final Process process;
  private final Thread end;
  private final int port;

  private Broker(Process process, int port) {
    this.process = process;
    this.port = port;
    end = Processes.endWithUs(process);
  }

  public static Broker start(Path work) throws IOException, InterruptedException {
    int port = Ports.free();
    Path configuration = work.resolve("mosquitto.conf");
    Files.writeString(
        configuration,
        "listener "
            + port
            + " 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\n"
            + "set_tcp_nodelay true\nlog_dest none\n");
    Path output = work.resolve("mosquitto.log");
    Broker broker =
        new Broker(
            Processes.start(
                List.of(Tools.path("mosquitto"), "-c", configuration.toString()), output),
            port);
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!broker.answers()) {
      if (!broker.process.isAlive() || System.nanoTime() > until) {
        broker.close();
        throw new IOException("mosquitto did not start: " + Files.readString(output));
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return broker;
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

  @Override
  public void close() {
    Processes.end(process, end, STOP);
  }
}
