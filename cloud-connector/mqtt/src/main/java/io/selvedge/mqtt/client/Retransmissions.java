package io.selvedge.mqtt.client;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * How often in a row the kernel has sent the same bytes again in vain, as Linux tells it of each
 * connection in {@code /proc/net/tcp}. The pauses between double, from a fifth of a second on:
 * where it has been three times, nothing has been heard for more than a second, and after a break
 * of ten seconds the next try may come ten seconds later.
 */
final class Retransmissions {

  private static final List<Path> FILES =
      List.of(Path.of("/proc/net/tcp6"), Path.of("/proc/net/tcp"));
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int RETRANSMITTED = 6;

  private Retransmissions() {}

  /** Of this connection now; 0 where the system does not tell. */
  static int of(Socket socket) {
    for (Path file : FILES) {
      try {
        int found = in(Files.readAllLines(file), socket.getLocalPort(), socket.getPort());
        if (found >= 0) {
          return found;
        }
      } catch (IOException e) {
        // not Linux, or without this version of the protocol
      }
    }
    return 0;
  }

  /** Of the connection between two ports; negative where it is not among the lines. */
  static int in(List<String> lines, int localPort, int remotePort) {
    for (String line : lines) {
      String[] fields = line.strip().split("\\s+", -1);
      if (fields.length > RETRANSMITTED
          && fields[LOCAL].endsWith(port(localPort))
          && fields[REMOTE].endsWith(port(remotePort))) {
        try {
          return Integer.parseInt(fields[RETRANSMITTED], 16);
        } catch (NumberFormatException e) {
          return -1; // of a kernel that writes it otherwise
        }
      }
    }
    return -1;
  }

  private static String port(int number) {
    return String.format(Locale.ROOT, ":%04X", number);
  }
}
