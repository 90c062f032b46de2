package io.selvedge.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PortsTest {

  @Test
  void aFreePortCanBeListenedOnAndIsNoneOfThoseForOutgoingConnections() throws Exception {
    Path range = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    assumeThat(range).as("the range is told by Linux only").exists();
    // By lines: a file in /proc/sys gives all that it has to the first read, and this one is large.
    int firstOutgoing = Integer.parseInt(Files.readAllLines(range).get(0).split("\\s+", 2)[0]);
    assumeThat(firstOutgoing).as("as Linux has it").isGreaterThanOrEqualTo(32_000);

    int port = Ports.free();

    assertThat(port).isLessThan(firstOutgoing);
    try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(server.getLocalPort()).isEqualTo(port);
    }
  }
}
