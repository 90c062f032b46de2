package io.selvedge.hub.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.hub.link.Endpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times that clients of MQTT 5 ask for, at the real broker. */
class PacketMendsTest {

  private static final long DAY = 24 * 3600;
  private static final int MOST = 24 * 24 * 3600;

  private static EmbeddedBroker broker;
  private static Endpoint hub;
  private static String gateways;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    broker = new EmbeddedBroker(directory, (id, password) -> true, new TopicAccess("selvedge"));
    hub = broker.start();
    gateways = "tcp://127.0.0.1:" + broker.open("127.0.0.1", 0, Optional.empty());
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 24, 25, 30, 40, 49, 60, 30_000, 0xffff_ffffL / DAY})
  void aMessageThatMayWaitForLongIsNotDropped(long days) throws Exception {
    String topic = "selvedge/gw/expiry/" + days;
    MqttAsyncClient ears = client(hub.uri(), "ears");
    MqttAsyncClient mouth = client(gateways, "gw");
    try {
      BlockingQueue<MqttMessage> heard = new LinkedBlockingQueue<>();
      ears.connect(options(hub.user(), hub.password())).waitForCompletion(30_000);
      hear(ears, topic, heard);
      mouth.connect(options("gw", "x")).waitForCompletion(30_000);
      MqttProperties properties = new MqttProperties();
      properties.setMessageExpiryInterval(days * DAY);
      mouth
          .publish(topic, new MqttMessage(new byte[1], 1, false, properties))
          .waitForCompletion(30_000);

      MqttMessage message = heard.poll(30, TimeUnit.SECONDS);
      assertThat(message).as("acknowledged, with %s days to live", days).isNotNull();
      assertThat(message.getProperties().getMessageExpiryInterval())
          .isBetween(Math.min(days * DAY, MOST) - 60, Math.min(days * DAY, MOST));
    } finally {
      end(mouth);
      end(ears);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "3600, 0", "3600, 1", "4294967295, 0"})
  void aWillIsHeardWhetherTheSessionIsKeptOrNot(long expiry, long delay) throws Exception {
    String topic = "$EDC/selvedge/gw/MQTT/LWT-" + expiry + "-" + delay;
    MqttAsyncClient ears = client(hub.uri(), "ears");
    MqttAsyncClient gone = client(gateways, "gw/" + expiry + "-" + delay);
    try {
      BlockingQueue<MqttMessage> heard = new LinkedBlockingQueue<>();
      ears.connect(options(hub.user(), hub.password())).waitForCompletion(30_000);
      hear(ears, topic, heard);
      MqttConnectionOptions options = options("gw", "x");
      options.setSessionExpiryInterval(expiry);
      options.setWill(
          topic, new MqttMessage("gone".getBytes(StandardCharsets.UTF_8), 1, false, null));
      MqttProperties will = new MqttProperties();
      if (delay > 0) {
        will.setWillDelayInterval(delay);
      }
      options.setWillMessageProperties(will);
      gone.connect(options).waitForCompletion(30_000);
      gone.disconnectForcibly(0, 100, false);

      assertThat(heard.poll(30, TimeUnit.SECONDS)).isNotNull().hasToString("gone");
    } finally {
      gone.close();
      end(ears);
    }
  }

  /** Where the broker names a keep-alive of its own it cuts clients of MQTT 3.1.1 after it. */
  @Test
  void theKeepAliveThatAGatewayMayAskForIsKept() throws Exception {
    assertThat(serverKeepAlive(60)).isNull();
    assertThat(serverKeepAlive(61)).isNull();
    assertThat(serverKeepAlive(3600)).isNull();
    assertThat(serverKeepAlive(3601)).isEqualTo(3600);
    assertThat(serverKeepAlive(0)).as("none").isEqualTo(3600);
  }

  private static Integer serverKeepAlive(int asked) throws Exception {
    MqttAsyncClient client = client(gateways, "gw");
    try {
      MqttConnectionOptions options = options("gw", "x");
      options.setKeepAliveInterval(asked);
      IMqttToken token = client.connect(options);
      token.waitForCompletion(30_000);
      return token.getResponseProperties().getServerKeepAlive();
    } finally {
      end(client);
    }
  }

  private static MqttAsyncClient client(String uri, String id) throws Exception {
    return new MqttAsyncClient(uri, id, new MemoryPersistence());
  }

  private static MqttConnectionOptions options(String user, String password) {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setUserName(user);
    options.setPassword(password.getBytes(StandardCharsets.UTF_8));
    return options;
  }

  private static void hear(MqttAsyncClient client, String topic, BlockingQueue<MqttMessage> heard)
      throws Exception {
    client.setCallback(new Ears(heard));
    client.subscribe(topic, 1).waitForCompletion(30_000);
  }

  private static void end(MqttAsyncClient client) throws Exception {
    if (client.isConnected()) {
      client.disconnect().waitForCompletion(30_000);
    }
    client.close();
  }

  /** Paho's listeners of one subscription hear nothing where no identifier is given. */
  private record Ears(BlockingQueue<MqttMessage> heard) implements MqttCallback {

    @Override
    public void messageArrived(String topic, MqttMessage message) {
      heard.add(message);
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {}

    @Override
    public void mqttErrorOccurred(MqttException error) {}

    @Override
    public void deliveryComplete(IMqttToken token) {}

    @Override
    public void connectComplete(boolean reconnect, String uri) {}

    @Override
    public void authPacketArrived(int reason, MqttProperties properties) {}
  }
}
