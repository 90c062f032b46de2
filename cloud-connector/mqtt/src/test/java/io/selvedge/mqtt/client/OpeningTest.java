package io.selvedge.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against somebody who takes every connection and closes it at once, as a proxy does. */
class OpeningTest {

  private static final int ATTEMPTS = 20;
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private static List<String> threads(String id) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.contains(id))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(MqttVersion.class)
  void anAttemptThatIsCutAtOnceLeavesNoThread(MqttVersion version) throws Exception {
    String id = "opening-" + version;
    try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread closes =
          new Thread(
              () -> {
                try {
                  while (true) {
                    proxy.accept().close();
                  }
                } catch (IOException e) {
                  // the test is over
                }
              });
      closes.start();
      ConnectionOptions options =
          ConnectionOptions.of(
                  id, URI.create("tcp://127.0.0.1:" + proxy.getLocalPort()), id + "-client")
              .withVersion(version);

      for (int i = 0; i < ATTEMPTS; i++) {
        assertThatThrownBy(() -> Connection.open(options, new Deaf()))
            .isInstanceOf(ConnectionException.class);
      }

      long end = System.nanoTime() + PATIENCE_NANOS;
      while (!threads(id).isEmpty()) {
        assertThat(System.nanoTime()).as("left: %s", threads(id)).isLessThan(end);
        Thread.sleep(20);
      }
    }
  }

  private static final class Deaf implements ConnectionListener {
    @Override
    public void arrived(Incoming message) {
      throw new AssertionError(message);
    }

    @Override
    public void lost(String reason) {
      throw new AssertionError(reason);
    }
  }
}
