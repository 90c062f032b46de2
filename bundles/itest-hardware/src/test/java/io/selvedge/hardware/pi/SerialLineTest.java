package io.selvedge.hardware.pi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A console at first, then bytes for the broker and back. */
@Timeout(60)
class SerialLineTest {

  @Test
  void isAConsoleUntilItIsHandedOverAndCarriesBytesFromThenOn() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket broker = new ServerSocket(0, 1, loopback);
        SerialLine line = new SerialLine(broker.getLocalPort(), told::add);
        Socket machine = new Socket(loopback, line.port())) {
      OutputStream out = machine.getOutputStream();
      out.write(bytes("selvedge: kernel is up\r\nselvedge: mqtt\r\n"));
      out.write(new byte[] {0x10, 0x0a, 0x0d, (byte) 0xff, 0});

      try (Socket connection = broker.accept();
          InputStream requests = connection.getInputStream()) {
        assertThat(requests.readNBytes(5)).containsExactly(0x10, 0x0a, 0x0d, 0xff, 0);
        connection.getOutputStream().write(new byte[] {0x20, 2, 0, 0});
        assertThat(machine.getInputStream().readNBytes(4)).containsExactly(0x20, 2, 0, 0);
      }
      assertThat(told).containsExactly("selvedge: kernel is up");
      assertThat(line.console()).isEqualTo("selvedge: kernel is up");
    }
  }

  @Test
  void saysWhereTheMachineEndsBeforeItHandsOver() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket broker = new ServerSocket(0, 1, loopback);
        SerialLine line = new SerialLine(broker.getLocalPort(), told::add)) {
      try (Socket machine = new Socket(loopback, line.port())) {
        machine.getOutputStream().write(bytes("Kernel panic\n"));
      }
      while (told.size() < 2) {
        Thread.onSpinWait();
      }
      assertThat(line.console()).contains("Kernel panic", "the machine has ended");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
