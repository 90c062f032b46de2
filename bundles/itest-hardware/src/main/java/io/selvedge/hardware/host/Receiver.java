package io.selvedge.hardware.host;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A GPS receiver at the other end of the machine's serial line: the sentences of every introduction
 * to NMEA 0183, twice a second, on a thread of its own.
 */
public final class Receiver implements AutoCloseable {

  private static final String POSITION =
      "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47";
  private static final String MOVEMENT =
      "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A";
  private static final String END = "\r\n";
  private static final long EACH_MILLIS = 500;

  private final Socket line;
  private final Thread thread;

  private Receiver(Socket line) {
    this.line = line;
    thread = new Thread(this::send, "hardware-gps");
    thread.setDaemon(true);
  }

  /** Connects to the port that is the line's other end, and begins. */
  public static Receiver at(int port) throws IOException {
    Receiver receiver = new Receiver(new Socket(InetAddress.getLoopbackAddress(), port));
    receiver.thread.start();
    return receiver;
  }

  private void send() {
    try (OutputStream out = line.getOutputStream()) {
      byte[] sentences = (POSITION + END + MOVEMENT + END).getBytes(StandardCharsets.US_ASCII);
      while (true) {
        out.write(sentences);
        Thread.sleep(EACH_MILLIS);
      }
    } catch (IOException | InterruptedException e) {
      // the test is over
    }
  }

  @Override
  public String toString() {
    return "port " + line.getPort();
  }

  @Override
  public void close() throws IOException {
    thread.interrupt();
    line.close();
  }
}
