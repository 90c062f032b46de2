package io.selvedge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PortsTest {

  @Test
  void saysWhichPortIsBusyAndTakesAnother() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ByteArrayOutputStream printed = new ByteArrayOutputStream();

      int port =
          Ports.free(
              taken.getLocalPort(),
              "the broker",
              new PrintStream(printed, true, StandardCharsets.UTF_8));

      assertThat(port).isGreaterThan(taken.getLocalPort());
      assertThat(printed.toString(StandardCharsets.UTF_8))
          .contains("[" + taken.getLocalPort() + "]")
          .contains("the broker")
          .contains("[" + port + "]");
    }
  }
}
