package io.selvedge.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds free ports on loopback, and says which was busy. */
final class Ports {

  private static final int TRIES = 50;

  private Ports() {}

  /** The wanted port, or the next free one above it. */
  static int free(int wanted, String what, PrintStream out) {
    for (int port = wanted; port < wanted + TRIES; port++) {
      if (isFree(port)) {
        if (port != wanted) {
          out.printf("  port [%d] for %s is busy; taking [%d]%n", wanted, what, port);
        }
        return port;
      }
    }
    throw new UsageException(
        "ports ["
            + wanted
            + " to "
            + (wanted + TRIES - 1)
            + "] for "
            + what
            + " are all busy; end what listens there");
  }

  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
