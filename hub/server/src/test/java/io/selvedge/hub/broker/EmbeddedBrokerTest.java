package io.selvedge.hub.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.hub.broker.EmbeddedBroker.Times;
import io.selvedge.hub.link.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the broker forgets, and what it does when its disk fails. */
class EmbeddedBrokerTest {

  private static final Times BRIEF = new Times(Duration.ofMillis(20), Duration.ofSeconds(2));
  private static final String REPLIES = "$EDC/selvedge/HUB/DEPLOY-V2/REPLY/";

  @Test
  void aTopicThatNobodyNamesIsForgottenAndItsMessagesAreNot(@TempDir Path directory)
      throws Exception {
    try (EmbeddedBroker broker = broker(directory)) {
      Endpoint hub = broker.start();
      String gateways = open(broker);
      BlockingQueue<String> heard = new LinkedBlockingQueue<>();
      MqttClient ears = client(hub.uri(), "HUB", hub.user(), hub.password());
      ears.subscribe("$EDC/selvedge/HUB/#", 1, (topic, message) -> heard.add(topic));
      MqttClient mouth = client(gateways, "gw", "gw", "x");
      mouth.publish("selvedge/gw/kept", new byte[1], 1, true);
      List<String> topics = IntStream.range(0, 50).mapToObj(i -> REPLIES + i).toList();

      for (String topic : topics) {
        mouth.publish(topic, new byte[1], 1, false);
      }
      await(() -> topics.stream().noneMatch(topic -> known(broker, topic)));
      for (String topic : topics) {
        mouth.publish(topic, new byte[1], 1, false);
      }

      for (int i = 0; i < 2 * topics.size(); i++) {
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isNotNull();
      }
      BlockingQueue<String> kept = new LinkedBlockingQueue<>();
      MqttClient late = client(hub.uri(), "late", hub.user(), hub.password());
      late.subscribe("selvedge/+/kept", 1, (topic, message) -> kept.add(topic));
      assertThat(kept.poll(30, TimeUnit.SECONDS)).as("retained").isNotNull();
      List.of(ears, mouth, late).forEach(EmbeddedBrokerTest::end);
    }
  }

  @Test
  void topicsOfRepliesAreForgottenLongBeforeOthers(@TempDir Path directory) throws Exception {
    try (EmbeddedBroker broker = broker(directory, Times.USUAL)) {
      Endpoint hub = broker.start();
      MqttClient ears = client(hub.uri(), "HUB", hub.user(), hub.password());
      BlockingQueue<String> heard = new LinkedBlockingQueue<>();
      ears.setCallback(new Ears(heard));
      ears.subscribe(new String[] {"selvedge/#", "$EDC/#"}, new int[] {1, 1});
      MqttClient mouth = client(open(broker), "gw", "gw", "x");
      String data = "selvedge/gw/DATA-V1/hall";
      mouth.publish(data, new byte[1], 1, false);
      mouth.publish(REPLIES + "1/with/more", new byte[1], 1, false);

      await(() -> !known(broker, REPLIES + "1/with/more"));

      assertThat(known(broker, data)).isTrue();
      assertThat(heard).hasSize(2);
      List.of(ears, mouth).forEach(EmbeddedBrokerTest::end);
    }
  }

  /** Topics are forgotten every 20 ms while they are written to. */
  @Test
  void nothingIsLostOnATopicThatIsForgottenMeanwhile(@TempDir Path directory) throws Exception {
    try (EmbeddedBroker broker = broker(directory)) {
      Endpoint hub = broker.start();
      String gateways = open(broker);
      Set<String> missing = ConcurrentHashMap.newKeySet();
      MqttClient ears = client(hub.uri(), "HUB", hub.user(), hub.password());
      ears.subscribe(
          "selvedge/+/#",
          1,
          (topic, message) ->
              missing.remove(new String(message.getPayload(), StandardCharsets.UTF_8)));
      int forgotten = 0;
      MqttClient mouth = client(gateways, "gw", "gw", "x");
      for (int i = 0; i < 2000; i++) {
        forgotten += i < 3 || known(broker, "selvedge/gw/t/" + i % 3) ? 0 : 1;
        missing.add("m" + i);
        mouth.publish(
            "selvedge/gw/t/" + i % 3, ("m" + i).getBytes(StandardCharsets.UTF_8), 1, false);
      }

      await(missing::isEmpty);
      assertThat(forgotten).as("times that one had been forgotten").isPositive();
      List.of(ears, mouth).forEach(EmbeddedBrokerTest::end);
    }
  }

  @Test
  void itRunsAgainAtTheSameDoorsAfterItsDiskHasFailed(@TempDir Path directory) throws Exception {
    try (EmbeddedBroker broker = broker(directory)) {
      Endpoint hub = broker.start();
      String gateways = open(broker);
      MqttClient ears = client(hub.uri(), "HUB", hub.user(), hub.password());
      ears.subscribe("selvedge/+/#", 1);
      ears.disconnect();
      MqttClient mouth = client(gateways, "gw", "gw", "x");
      mouth.publish("selvedge/gw/before", new byte[1], 1, false);
      assertThat(broker.trouble()).isEmpty();

      for (int i = 0; i < 2; i++) {
        broker
            .server()
            .getIoCriticalErrorListener()
            .onIOException(new IOException("No space left on device"), "write", "journal-1.amq");
        await(() -> broker.trouble().isPresent());
        assertThat(broker.trouble().orElseThrow())
            .contains("[journal-1.amq]", "No space left on device", directory.toString());
        await(() -> broker.trouble().isEmpty());
        await(() -> !mouth.isConnected());
        mouth.connect(options("gw", "x"));
      }

      mouth.publish("selvedge/gw/after", new byte[1], 1, false);
      BlockingQueue<String> heard = new LinkedBlockingQueue<>();
      ears.setCallback(new Ears(heard));
      ears.connect(options(hub.user(), hub.password()));
      assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("selvedge/gw/before");
      assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("selvedge/gw/after");
      List.of(ears, mouth).forEach(EmbeddedBrokerTest::end);
    }
  }

  @Test
  void itIsNotStartedAnewOnAFullDisk(@TempDir Path directory) throws Exception {
    EmbeddedBroker.requireRoom(directory, 1);
    assertThatThrownBy(() -> EmbeddedBroker.requireRoom(directory, Long.MAX_VALUE))
        .hasMessageContainingAll("disk of [" + directory + "] is full", "MB left");
  }

  private static EmbeddedBroker broker(Path directory) {
    return broker(directory, BRIEF);
  }

  private static EmbeddedBroker broker(Path directory, Times times) {
    return new EmbeddedBroker(
        directory, (id, password) -> true, new TopicAccess("selvedge"), "secret", times);
  }

  private static String open(EmbeddedBroker broker) throws IOException {
    return "tcp://127.0.0.1:" + broker.open("127.0.0.1", 0, Optional.empty());
  }

  private static boolean known(EmbeddedBroker broker, String topic) {
    return broker.server().getAddressInfo(SimpleString.of(topic)) != null;
  }

  private static MqttClient client(String uri, String id, String user, String password)
      throws Exception {
    MqttClient client = new MqttClient(uri, id, new MemoryPersistence());
    client.setTimeToWait(60_000);
    client.connect(options(user, password));
    return client;
  }

  private static MqttConnectOptions options(String user, String password) {
    MqttConnectOptions options = new MqttConnectOptions();
    options.setCleanSession(false);
    options.setMaxInflight(1000); // Paho counts down a moment after a publish has returned
    options.setUserName(user);
    options.setPassword(password.toCharArray());
    return options;
  }

  private static void end(MqttClient client) {
    try {
      client.disconnect();
      client.close();
    } catch (MqttException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.call()) {
      if (System.nanoTime() > until) {
        throw new TimeoutException();
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
