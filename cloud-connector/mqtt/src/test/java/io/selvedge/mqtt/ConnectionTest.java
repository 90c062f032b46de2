package io.selvedge.mqtt;

import static io.selvedge.mqtt.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.selvedge.mqtt.client.Connection;
import io.selvedge.mqtt.client.ConnectionException;
import io.selvedge.mqtt.client.ConnectionException.Kind;
import io.selvedge.mqtt.client.ConnectionListener;
import io.selvedge.mqtt.client.ConnectionOptions;
import io.selvedge.mqtt.client.Credentials;
import io.selvedge.mqtt.client.Will;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client by itself, with a real broker. */
class ConnectionTest {

  @TempDir Path directory = Path.of("."); // set before each test

  private final List<Connection> open = new ArrayList<>();
  private Optional<TestBroker> broker = Optional.empty();

  /** Keeps what it hears. */
  private static final class Ear implements ConnectionListener {
    private final List<Incoming> messages = new CopyOnWriteArrayList<>();
    private final List<String> losses = new CopyOnWriteArrayList<>();

    @Override
    public void arrived(Incoming message) {
      messages.add(message);
    }

    @Override
    public void lost(String reason) {
      losses.add(reason);
    }
  }

  @BeforeEach
  void start() throws Exception {
    assumeTrue(
        MosquittoBroker.program().isPresent(),
        "mosquitto is not installed (Debian: apt-get install mosquitto); not tested with it");
    TestBroker made = new MosquittoBroker(directory, MosquittoBroker.program().orElseThrow());
    broker = Optional.of(made);
    made.start();
  }

  @AfterEach
  void stop() throws Exception {
    open.forEach(Connection::close);
    if (broker.isPresent()) {
      broker.get().stop();
    }
  }

  private ConnectionOptions options(String clientId) {
    return ConnectionOptions.of("test-link", URI.create(broker.orElseThrow().uri()), clientId)
        .withCredentials(new Credentials(TestBroker.USER, TestBroker.PASSWORD.toCharArray()));
  }

  private Connection open(ConnectionOptions options, Ear ear) throws Exception {
    Connection made = Connection.open(options, ear);
    open.add(made);
    return made;
  }

  @Test
  void deliversMessagesWithTheirQosAndWhetherTheyWereRetained() throws Exception {
    Ear ear = new Ear();
    Connection sending = open(options("sending"), new Ear());
    sending.publishAndWait("test/kept", new byte[] {1}, 1, true);
    Connection hearing = open(options("hearing"), ear);
    hearing.subscribe("test/#", 2);
    await("retained message", () -> ear.messages.size() == 1);
    sending.publishAndWait("test/live", new byte[] {2}, 2, false);
    sending.publishAndWait("test/fast", new byte[] {3}, 0, false);
    await("live messages", () -> ear.messages.size() == 3);
    assertThat(ear.messages)
        .extracting(
            ConnectionListener.Incoming::topic,
            ConnectionListener.Incoming::qos,
            ConnectionListener.Incoming::retained)
        .containsExactly(
            tuple("test/kept", 1, true),
            tuple("test/live", 2, false),
            tuple("test/fast", 0, false));
  }

  @Test
  void leavesItsWillUnlessItSaysGoodBye() throws Exception {
    Ear ear = new Ear();
    open(options("hearing"), ear).subscribe("will/#", 1);
    Will will = new Will("will/gw", new byte[] {9}, 1, false);
    open(options("polite").withWill(will), new Ear()).disconnect(Duration.ofSeconds(1));
    open(options("rude").withWill(will), new Ear()).close();
    await("will", () -> !ear.messages.isEmpty());
    open(options("last"), new Ear()).publishAndWait("will/end", new byte[0], 1, false);
    await("end", () -> ear.messages.get(ear.messages.size() - 1).topic().equals("will/end"));
    assertThat(ear.messages).hasSize(2);
  }

  @Test
  void tellsOnceWhyItIsLostAndTakesNothingMore() throws Exception {
    Ear ear = new Ear();
    Connection made = open(options("gw"), ear);
    broker.orElseThrow().stop();
    await("loss", () -> ear.losses.size() == 1);
    assertThat(ear.losses.get(0)).containsAnyOf("closed by the broker", "Connection reset");
    assertThat(made.isLost()).isTrue();
    assertThatThrownBy(() -> made.publishAndWait("a/b", new byte[1], 1, false))
        .isInstanceOf(ConnectionException.class);
    made.close();
    made.close();
    assertThat(ear.losses).hasSize(1);
  }

  @Test
  void saysThatTheUserIsNotLetIn() {
    ConnectionOptions wrong =
        options("gw").withCredentials(new Credentials(TestBroker.USER, "guess".toCharArray()));
    assertThatThrownBy(() -> Connection.open(wrong, new Ear()))
        .isInstanceOfSatisfying(
            ConnectionException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_AUTHORIZED));
    assertThat(wrong.toString()).doesNotContain("guess");
  }

  @Test
  void refusesWrongOptions() {
    ConnectionOptions good = options("gw");
    assertThatThrownBy(() -> good.withInFlight(0)).hasMessageContaining("[0] must be 1 to 65535");
    assertThatThrownBy(() -> good.withKeepAlive(Duration.ZERO)).hasMessageContaining("keep-alive");
    assertThatThrownBy(() -> new Will("a", new byte[0], 3, false))
        .hasMessage("QoS [3] must be 0, 1 or 2");
  }
}
