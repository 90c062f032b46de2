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
import io.selvedge.mqtt.client.MqttVersion;
import io.selvedge.mqtt.client.PublishListener;
import io.selvedge.mqtt.client.Will;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client by itself, with a real broker. */
class ConnectionTest {

  @TempDir Path directory = Path.of("."); // set before each test

  private final List<Connection> open = new ArrayList<>();
  private static final int LEAVES = 10;

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
    return options(clientId, MqttVersion.V3_1_1);
  }

  private ConnectionOptions options(String clientId, MqttVersion version) {
    return ConnectionOptions.of("test-link", URI.create(broker.orElseThrow().uri()), clientId)
        .withVersion(version)
        .withCredentials(new Credentials(TestBroker.USER, TestBroker.PASSWORD.toCharArray()));
  }

  private Connection open(ConnectionOptions options, Ear ear) throws Exception {
    Connection made = Connection.open(options, ear);
    open.add(made);
    return made;
  }

  @ParameterizedTest
  @EnumSource(MqttVersion.class)
  void deliversMessagesWithTheirQosAndWhetherTheyWereRetained(MqttVersion version)
      throws Exception {
    Ear ear = new Ear();
    Connection sending = open(options("sending", version), new Ear());
    sending.publishAndWait("test/kept", new byte[] {1}, 1, true);
    Connection hearing = open(options("hearing", version), ear);
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
        .containsExactlyInAnyOrder(
            tuple("test/kept", 1, true),
            tuple("test/live", 2, false),
            tuple("test/fast", 0, false));
  }

  @ParameterizedTest
  @EnumSource(MqttVersion.class)
  void leavesItsWillUnlessItSaysGoodBye(MqttVersion version) throws Exception {
    Ear ear = new Ear();
    open(options("hearing", version), ear).subscribe("will/#", 1);
    Will will = new Will("will/gw", new byte[] {9}, 1, false);
    for (int i = 0; i < LEAVES; i++) { // each could lose its last word
      open(options("polite", version).withWill(will), new Ear()).disconnect(Duration.ofSeconds(20));
    }
    open(options("rude", version).withWill(will), new Ear()).close();
    await("will", () -> !ear.messages.isEmpty());
    open(options("last", version), new Ear()).publishAndWait("will/end", new byte[0], 1, false);
    await("end", () -> ear.messages.get(ear.messages.size() - 1).topic().equals("will/end"));
    assertThat(ear.messages).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(MqttVersion.class)
  void tellsOnceWhyItIsLostAndTakesNothingMore(MqttVersion version) throws Exception {
    Ear ear = new Ear();
    Connection made = open(options("gw", version), ear);
    broker.orElseThrow().stop();
    await("loss", () -> ear.losses.size() == 1);
    assertThat(ear.losses.get(0))
        .containsAnyOf("closed by the broker", "Connection reset", "server is shutting down");
    assertThat(made.isLost()).isTrue();
    assertThatThrownBy(() -> made.publishAndWait("a/b", new byte[1], 1, false))
        .isInstanceOf(ConnectionException.class);
    made.close();
    made.close();
    assertThat(ear.losses).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(MqttVersion.class)
  void saysThatTheUserIsNotLetIn(MqttVersion version) {
    ConnectionOptions wrong =
        options("gw", version)
            .withCredentials(new Credentials(TestBroker.USER, "guess".toCharArray()));
    assertThatThrownBy(() -> Connection.open(wrong, new Ear()))
        .isInstanceOfSatisfying(
            ConnectionException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_AUTHORIZED));
    assertThat(wrong.toString()).doesNotContain("guess");
  }

  @ParameterizedTest
  @EnumSource(MqttVersion.class)
  void sendsAllInTurnThoughTheBrokerTakesFewAtOnce(MqttVersion version) throws Exception {
    Ear ear = new Ear();
    Connection hearing = open(options("hearing", version), ear);
    hearing.subscribe("many/#", 1);
    Connection sending = open(options("sending", version).withInFlight(400), new Ear());
    if (version == MqttVersion.V5) {
      assertThat(sending.limits().receiveMaximum()).isEqualTo(20); // mosquitto's default
    }
    CountDownLatch acknowledged = new CountDownLatch(400);
    for (int i = 0; i < 400; i++) {
      PublishListener listener =
          new PublishListener() {
            @Override
            public void done() {
              acknowledged.countDown();
            }

            @Override
            public void failed(String reason) {
              // then the latch stays closed
            }
          };
      sending.publish("many/" + i % 7, new byte[] {(byte) i}, i % 2, false, listener);
    }
    assertThat(acknowledged.await(30, TimeUnit.SECONDS)).isTrue();
    await("all messages", () -> ear.messages.size() == 400);
    assertThat(ear.losses).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(MqttVersion.class)
  void readsLargeMessagesInBulk(MqttVersion version) throws Exception {
    Ear ear = new Ear();
    Connection hearing = open(options("hearing", version), ear);
    hearing.subscribe("large/#", 0);
    byte[] payload = new byte[5_000_000];
    new Random(7).nextBytes(payload);
    open(options("sending", version), new Ear()).publishAndWait("large/a", payload, 1, false);
    await("message", () -> !ear.messages.isEmpty());
    assertThat(ear.messages.get(0).payload()).isEqualTo(payload);
  }

  @Test
  void saysThatABrokerWithoutMqtt5DoesNotSpeakIt() throws Exception {
    try (FakeBroker old = new FakeBroker().start()) {
      old.connectCode = 1;
      ConnectionOptions newer =
          ConnectionOptions.of("test-link", URI.create(old.uri()), "gw")
              .withVersion(MqttVersion.V5);
      assertThatThrownBy(() -> Connection.open(newer, new Ear()))
          .hasMessage("the broker does not speak MQTT 5");
    }
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
