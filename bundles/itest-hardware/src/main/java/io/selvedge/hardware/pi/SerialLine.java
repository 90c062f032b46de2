package io.selvedge.hardware.pi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;

/**
 * The far end of the machine's serial line: its console, until it says that the line belongs to its
 * connection with the broker, and that from then on.
 */
final class SerialLine implements AutoCloseable {

  /** The last line of the console. */
  private static final String HAND_OVER = "selvedge: mqtt";

  private static final int BUFFER = 4096;

  private final ServerSocket server;
  private final int broker;
  private final Consumer<String> lines;
  private final StringBuilder console = new StringBuilder();

  SerialLine(int broker, Consumer<String> lines) throws IOException {
    this.broker = broker;
    this.lines = lines;
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "hardware-serial");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return server.getLocalPort();
  }

  /** What the machine has said. */
  String console() {
    synchronized (console) {
      return console.toString().strip();
    }
  }

  private void serve() {
    try (Socket line = server.accept();
        InputStream in = line.getInputStream()) {
      line.setTcpNoDelay(true);
      readConsole(in);
      int first = in.read(); // a broker does not wait for long until a connection says something
      if (first < 0) {
        throw new IOException("the machine has ended");
      }
      try (Socket mqtt = new Socket(InetAddress.getLoopbackAddress(), broker);
          InputStream answers = mqtt.getInputStream();
          OutputStream requests = mqtt.getOutputStream()) {
        mqtt.setTcpNoDelay(true);
        requests.write(first);
        OutputStream out = line.getOutputStream();
        Thread back = new Thread(() -> pump(answers, out), "hardware-serial-back");
        back.setDaemon(true);
        back.start();
        pump(in, requests);
      }
    } catch (IOException e) {
      note("the serial line ended: " + e);
    }
  }

  private void readConsole(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = in.read();
    while (c >= 0) {
      if (c == '\n') {
        String text = line.toString().replace("\r", "");
        line.setLength(0);
        if (text.equals(HAND_OVER)) {
          return;
        }
        note(text);
      } else {
        line.append((char) c);
      }
      c = in.read();
    }
    throw new IOException("the machine has ended");
  }

  private void note(String text) {
    synchronized (console) {
      console.append(text).append('\n');
    }
    lines.accept(text);
  }

  private void pump(InputStream in, OutputStream out) {
    byte[] buffer = new byte[BUFFER];
    try {
      int count = in.read(buffer);
      while (count >= 0) {
        out.write(buffer, 0, count);
        out.flush();
        count = in.read(buffer);
      }
    } catch (IOException e) {
      note("the connection to the broker ended: " + e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
