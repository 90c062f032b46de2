package io.selvedge.bench.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinkTest {

  private static final int PATIENCE_MILLIS = 20_000;

  private final ServerSocket server;
  private final Link link;

  LinkTest() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    server.setSoTimeout(PATIENCE_MILLIS);
    link = new Link(server.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    link.close();
    server.close();
  }

  private Socket client() throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), link.port());
    client.setSoTimeout(PATIENCE_MILLIS);
    return client;
  }

  private Socket accepted() throws IOException {
    Socket socket = server.accept();
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static void carries(Socket from, Socket to, int value) throws IOException {
    from.getOutputStream().write(value);
    assertThat(to.getInputStream().read()).isEqualTo(value);
  }

  @Test
  void carriesBytesBothWays() throws IOException {
    try (Socket client = client();
        Socket broker = accepted()) {
      carries(client, broker, 7);
      carries(broker, client, 8);
    }
  }

  @Test
  void takesHalfTheRoundTripInEachDirection() throws IOException {
    link.set(Link.Profile.SATELLITE);
    try (Socket client = client();
        Socket broker = accepted()) {
      long begun = System.nanoTime();
      carries(client, broker, 7);
      assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(275_000_000L);
    }
  }

  @Test
  void losesAsManyPiecesAsTheProfileSays() {
    Random random = new Random(1);
    long late = 0;
    for (int i = 0; i < 10_000; i++) {
      late += Link.Profile.SATELLITE.delay(random) > 1_000_000_000L ? 1 : 0;
    }
    assertThat(late).isBetween(150L, 250L);
  }

  @Test
  void resetsWhatIsOpenWhenItGoesOffline() throws IOException {
    try (Socket client = client();
        Socket broker = accepted()) {
      carries(client, broker, 7);
      link.set(Link.Profile.OFFLINE);
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aHalfOpenConnectionStaysAndSwallowsWhileNewOnesWork() throws IOException {
    try (Socket client = client();
        Socket broker = accepted()) {
      carries(client, broker, 7);
      link.swallow();
      client.getOutputStream().write(8);
      broker.setSoTimeout(300);
      assertThatThrownBy(() -> broker.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      try (Socket another = client();
          Socket there = accepted()) {
        carries(another, there, 9);
      }
    }
  }
}
