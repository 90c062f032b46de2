package io.selvedge.bench.injector;

import io.selvedge.api.uplink.Uplink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Sends numbers over an uplink for somebody outside, who stays when this process is killed. It
 * connects to a loopback port; each line it reads is a number to send. Lines it writes:
 *
 * <pre>
 *   A 17                       accepted: 17 is on disk
 *   R 18 why                   refused
 *   S 90 80 2 8 damaged=2      accepted, delivered, dropped, pending, dropped by reason
 * </pre>
 *
 * A status line follows each empty line that it reads.
 */
public final class Injector {

  private final int port;
  private final Uplink uplink;

  public Injector(int port, Uplink uplink) {
    this.port = port;
    this.uplink = uplink;
  }

  /** Works until the other side closes the connection. */
  public void run() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        OutputStream out = socket.getOutputStream();
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.isEmpty()) {
          tell(out, status());
        } else {
          send(Integer.parseInt(line), out);
        }
      }
    }
  }

  private void send(int number, OutputStream out) {
    uplink
        .send(Numbered.message(number))
        .whenComplete(
            (id, failure) ->
                tell(out, failure == null ? "A " + number : "R " + number + " " + text(failure)));
  }

  private static String text(Throwable failure) {
    return String.valueOf(failure.getMessage()).replace('\n', ' ');
  }

  private String status() {
    Uplink.Status now = uplink.status();
    long dropped = now.dropped().values().stream().mapToLong(Long::longValue).sum();
    StringBuilder line = new StringBuilder("S ").append(now.accepted()).append(' ');
    line.append(now.delivered()).append(' ').append(dropped).append(' ').append(now.pending());
    for (Map.Entry<String, Long> reason : now.dropped().entrySet()) {
      line.append(' ').append(reason.getKey()).append('=').append(reason.getValue());
    }
    return line.toString();
  }

  private static synchronized void tell(OutputStream out, String line) {
    try {
      out.write((line + '\n').getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      // the other side is gone: what it does not hear was not accepted as far as it knows
    }
  }
}
