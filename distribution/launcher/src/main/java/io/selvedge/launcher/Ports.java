package io.selvedge.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Whether the console's port can be had. */
final class Ports {

  private Ports() {}

  static void requireFree(String host, int port) throws Problem {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (IOException e) {
      throw Problem.failed(
          "address ["
              + host
              + ":"
              + port
              + "] cannot be listened on ("
              + e.getMessage()
              + "); end what uses it, or give another port with --port or http.port in"
              + " gateway.properties");
    }
  }
}
