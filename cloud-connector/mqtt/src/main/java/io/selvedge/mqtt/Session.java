package io.selvedge.mqtt;

import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.KuraTopic.Life;
import io.selvedge.protocol.kura.KuraTopic.Stage;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.internal.NetworkModule;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, from the attempt to its end; never used again, and a new Paho client each time.
 * Opened and closed by the uplink's thread.
 */
final class Session {

  private static final Logger log = LoggerFactory.getLogger(Session.class);

  /** Beside the window: replies and requests. */
  private static final int ROOM_FOR_CALLS = 200;

  private static final long STOP_MILLIS = 1000;

  private final Settings settings;
  private final URI endpoint;
  private final Client client;
  private final CountDownLatch lost = new CountDownLatch(1);
  private final AtomicReference<String> whyLost = new AtomicReference<>("");

  /** Paho with our network below it. */
  private static final class Client extends MqttAsyncClient {
    private final BufferedNetwork network;

    Client(URI endpoint, String clientId, BufferedNetwork network) throws MqttException {
      super(endpoint.toString(), clientId, new MemoryPersistence());
      this.network = network;
    }

    @Override
    protected NetworkModule[] createNetworkModules(String address, MqttConnectOptions options) {
      return new NetworkModule[] {network};
    }
  }

  /**
   * @param reachTimeout for the TCP connection
   * @param arrived hears topic and payload, on Paho's thread: hands over and returns
   */
  Session(
      Settings settings, URI endpoint, Duration reachTimeout, BiConsumer<String, byte[]> arrived)
      throws IOException, MqttException {
    this.settings = settings;
    this.endpoint = endpoint;
    Optional<SSLSocketFactory> tls =
        "ssl".equals(endpoint.getScheme())
            ? Optional.of(Tls.factory(settings.caFile()))
            : Optional.empty();
    client =
        new Client(
            endpoint,
            settings.clientId(),
            new BufferedNetwork(endpoint, reachTimeout, settings.connectionTimeout(), tls));
    client.setCallback(
        new MqttCallback() {
          @Override
          public void connectionLost(Throwable cause) {
            lose(Failure.text(cause));
          }

          @Override
          public void messageArrived(String topic, MqttMessage message) {
            arrived.accept(topic, message.getPayload());
          }

          @Override
          public void deliveryComplete(IMqttDeliveryToken token) {
            // the listener of each message hears it
          }
        });
  }

  /** Connects and subscribes. */
  void open(KuraPayload will) throws IOException, MqttException {
    client.connect(options(will)).waitForCompletion(settings.connectionTimeout().toMillis());
    String inbox = KuraTopic.inbox(settings.account(), settings.gateway());
    client.subscribe(inbox, 1).waitForCompletion(settings.connectionTimeout().toMillis());
  }

  private MqttConnectOptions options(KuraPayload will) throws IOException {
    MqttConnectOptions options = new MqttConnectOptions();
    options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
    options.setCleanSession(true);
    options.setAutomaticReconnect(false);
    options.setKeepAliveInterval((int) settings.keepAlive().toSeconds());
    options.setConnectionTimeout((int) settings.connectionTimeout().toSeconds());
    options.setMaxInflight(settings.window() + ROOM_FOR_CALLS);
    options.setWill(life(Stage.LWT), KuraCodec.encode(will), 0, false);
    if (!settings.user().isEmpty()) {
      options.setUserName(settings.user());
      options.setPassword(settings.password().read());
    }
    return options;
  }

  /** Publishes and waits until the broker has it. */
  void publishNow(Stage stage, KuraPayload payload) throws MqttException {
    client
        .publish(life(stage), KuraCodec.encode(payload), 1, false)
        .waitForCompletion(settings.connectionTimeout().toMillis());
  }

  private String life(Stage stage) {
    return new Life(settings.account(), settings.gateway(), stage).topic();
  }

  /** Does not wait. The listener is called on Paho's thread; at QoS 0 once it is written. */
  void publish(String topic, byte[] payload, int qos, IMqttActionListener listener)
      throws MqttException {
    client.publish(topic, payload, qos, false, Map.of(), listener);
  }

  void lose(String why) {
    whyLost.compareAndSet("", why);
    lost.countDown();
  }

  boolean isLost() {
    return lost.getCount() == 0;
  }

  String whyLost() {
    return Objects.requireNonNullElse(whyLost.get(), "");
  }

  URI endpoint() {
    return endpoint;
  }

  /** Says good-bye. */
  void leave(KuraPayload disconnect) {
    try {
      if (!isLost()) {
        // waited for, since a message that is still queued may not outlive the disconnecting
        client
            .publish(life(Stage.DC), KuraCodec.encode(disconnect), 0, false)
            .waitForCompletion(STOP_MILLIS);
        client.disconnect(STOP_MILLIS).waitForCompletion(2 * STOP_MILLIS);
      }
    } catch (MqttException | RuntimeException e) {
      log.debug("Leaving met [{}]; the last will tells the others", e.toString());
    }
    close();
  }

  private interface Step {
    void run() throws MqttException;
  }

  /** Paho's own threads may end the client at the same time; then a step has nothing to work on. */
  private static void quietly(Step step) {
    try {
      step.run();
    } catch (MqttException | RuntimeException e) {
      log.debug("Ending a connection met [{}]", e.toString());
    }
  }

  /** Ends it whatever its state. */
  void close() {
    lose("closed");
    quietly(() -> client.disconnectForcibly(0, STOP_MILLIS, false));
    quietly(() -> client.close(true));
  }
}
