package io.selvedge.testkit;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports on loopback, for servers of a test. Thread-safe. */
public final class Ports {

  /**
   * Below the ports that Linux gives to outgoing connections (32768 to 60999). A client that calls
   * for a server that is down may get the server's own port there, be connected with itself, and
   * keep the server from coming back.
   */
  private static final int FIRST = 20_000;

  private static final int AFTER_LAST = 32_000;

  private Ports() {}

  /**
   * A port that nobody listens on at this moment, and that no outgoing connection takes.
   *
   * @throws IOException loopback cannot be listened on at all
   */
  public static int free() throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, AFTER_LAST);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException e) {
        // taken: another one
      }
    }
  }
}
