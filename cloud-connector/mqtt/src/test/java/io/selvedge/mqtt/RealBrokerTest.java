package io.selvedge.mqtt;

import static io.selvedge.mqtt.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.api.uplink.RequestHandler;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.Metrics;
import io.selvedge.protocol.kura.Records;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The uplink with brokers as they are in the field. */
class RealBrokerTest {

  enum Kind {
    ARTEMIS,
    MOSQUITTO
  }

  @TempDir Path directory = Path.of("."); // set before each test

  private Optional<TestBroker> broker = Optional.empty();
  private Optional<TestGateway> gateway = Optional.empty();
  private Optional<Hub> hub = Optional.empty();

  private TestBroker broker(Kind kind) throws Exception {
    Path folder = Files.createDirectories(directory.resolve("broker"));
    if (kind == Kind.MOSQUITTO) {
      assumeTrue(
          MosquittoBroker.program().isPresent(),
          "mosquitto is not installed (Debian: apt-get install mosquitto); not tested with it");
    }
    TestBroker made =
        kind == Kind.ARTEMIS
            ? new ArtemisBroker(folder)
            : new MosquittoBroker(folder, MosquittoBroker.program().orElseThrow());
    broker = Optional.of(made);
    made.start();
    return made;
  }

  private TestGateway gateway(TestBroker at) {
    TestGateway made =
        new TestGateway(directory, at.uri())
            .with("user", TestBroker.USER)
            .with(".password", TestBroker.PASSWORD);
    gateway = Optional.of(made);
    return made;
  }

  @AfterEach
  void close() throws Exception {
    gateway.ifPresent(TestGateway::close);
    if (hub.isPresent()) {
      hub.get().close();
    }
    if (broker.isPresent()) {
      broker.get().stop();
    }
  }

  /** What a hub does: hears everything, with a session that outlives its connection. */
  private static final class Hub implements MqttCallback {
    private final MqttAsyncClient client;
    private final MqttConnectOptions options = new MqttConnectOptions();
    private final Thread keeping = new Thread(this::keepConnected, "hub");
    private volatile boolean closed;
    private final Set<Long> records = ConcurrentHashMap.newKeySet();
    private final Map<String, byte[]> control = new ConcurrentHashMap<>();

    Hub(String uri) throws MqttException {
      client = new MqttAsyncClient(uri, "HUB", new MemoryPersistence());
      client.setCallback(this);
      options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
      options.setUserName(TestBroker.USER);
      options.setPassword(TestBroker.PASSWORD.toCharArray());
      options.setCleanSession(false);
      client.connect(options).waitForCompletion(10_000);
      client
          .subscribe(new String[] {"acme/+/#", "$EDC/acme/#"}, new int[] {1, 1})
          .waitForCompletion(10_000);
      keeping.start();
    }

    /** Paho's own reconnecting (1.2.5) ends for good where a try to connect throws. */
    private void keepConnected() {
      while (!closed) {
        try {
          TimeUnit.MILLISECONDS.sleep(200);
          if (!client.isConnected()) {
            client.connect(options).waitForCompletion(10_000); // subscriptions are in the session
          }
        } catch (MqttException e) {
          // the broker is away
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    void awaitRecords(int count) {
      try {
        await("all records at the hub", () -> records.size() == count);
      } catch (AssertionError e) {
        throw new AssertionError(
            "hub (connected: " + client.isConnected() + ") has " + records.size() + " records", e);
      }
    }

    void publish(String topic, byte[] payload) throws MqttException {
      client.publish(topic, payload, 1, false).waitForCompletion(10_000);
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) throws Exception {
      if (topic.startsWith("$")) {
        control.put(topic, message.getPayload());
      } else {
        KuraTopic.Data data = (KuraTopic.Data) KuraTopic.parse(topic).orElseThrow();
        records.add(Records.delivered(data, KuraCodec.decode(message.getPayload())).recordId());
      }
    }

    @Override
    public void connectionLost(Throwable cause) {
      // it comes back by itself
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {
      // waited for by the token
    }

    void close() throws MqttException, InterruptedException {
      closed = true;
      keeping.interrupt();
      keeping.join();
      client.setCallback(null);
      client.disconnectForcibly(0, 500);
      client.close(true);
    }
  }

  @ParameterizedTest
  @CsvSource({"ARTEMIS,3.1.1", "MOSQUITTO,3.1.1", "ARTEMIS,5", "MOSQUITTO,5"})
  void losesNothingWhenTheBrokerRestarts(Kind kind, String version) throws Exception {
    TestBroker at = broker(kind);
    Hub listening = new Hub(at.uri());
    hub = Optional.of(listening);
    TestGateway sending = gateway(at).with("mqtt.version", version).start();
    sending.awaitConnected();
    int count = 3000;
    for (int i = 0; i < count; i++) {
      CompletableFuture<Long> accepted =
          sending
              .uplink()
              .send(
                  Message.of(
                      "DATA-V1", "office", TestGateway.TIME, Map.of("n", Value.of((long) i))))
              .toCompletableFuture();
      if (i == count / 3) {
        accepted.join();
        at.stop();
      } else if (i == 2 * count / 3) {
        accepted.join();
        assertThat(sending.uplink().status().pending()).isPositive();
        at.start();
      }
    }
    await("delivery", () -> sending.uplink().status().pending() == 0);
    assertThat(sending.uplink().status().delivered()).isEqualTo(count);
    listening.awaitRecords(count);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void asksAndAnswers(Kind kind) throws Exception {
    TestBroker at = broker(kind);
    Hub asking = new Hub(at.uri());
    hub = Optional.of(asking);
    TestGateway answering = gateway(at);
    answering.framework.register(
        RequestHandler.class,
        request -> new Reply(200, "", Map.of("size", Value.of(7L)), request.body()),
        Map.of("app.id", "TWIN-V1"));
    answering.start().awaitConnected();
    await("birth", () -> asking.control.containsKey("$EDC/acme/gw-1/MQTT/BIRTH"));

    byte[] large = "{\"much\":\"of it\"}".repeat(5000).getBytes(StandardCharsets.UTF_8);
    Request put = new Request(Method.PUT, "desired", Map.of(), large);
    asking.publish(
        "$EDC/acme/gw-1/TWIN-V1/PUT/desired",
        KuraCodec.encode(Calls.payload(put, new Calls.Correlation("1", "HUB"), TestGateway.TIME)));
    await("reply", () -> asking.control.containsKey("$EDC/acme/HUB/TWIN-V1/REPLY/1"));
    byte[] bytes = asking.control.getOrDefault("$EDC/acme/HUB/TWIN-V1/REPLY/1", new byte[0]);
    Reply reply = Calls.reply(KuraCodec.decode(bytes));
    assertThat(reply.body()).isEqualTo(large);
    assertThat(Metrics.of(reply.metrics())).containsKey("size");

    CompletableFuture<Reply> asked =
        answering
            .uplink()
            .request(
                "ARTIFACT-V1",
                new Request(Method.GET, "ab12", Map.of(), new byte[0]),
                Duration.ofSeconds(20))
            .toCompletableFuture();
    await("request", () -> asking.control.containsKey("$EDC/acme/HUB/ARTIFACT-V1/GET/ab12"));
    Calls.Correlation correlation =
        Calls.correlation(
                KuraCodec.decode(
                    asking.control.getOrDefault("$EDC/acme/HUB/ARTIFACT-V1/GET/ab12", new byte[0])))
            .orElseThrow();
    asking.publish(
        new KuraTopic.Answer("acme", "gw-1", "ARTIFACT-V1", correlation.requestId()).topic(),
        KuraCodec.encode(Calls.payload(Reply.ok("block"), TestGateway.TIME)));
    assertThat(new String(asked.get().body(), StandardCharsets.UTF_8)).isEqualTo("block");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void saysThatItIsNotLetInAndComesInWithTheRightPassword(Kind kind) throws Exception {
    TestBroker at = broker(kind);
    TestGateway outside = new TestGateway(directory, at.uri()).with("user", TestBroker.USER);
    gateway = Optional.of(outside);
    Path file = Files.createDirectories(directory.resolve("conf/trust")).resolve("hub.password");
    Files.writeString(file, "wrong\n");
    outside.start();
    await("reason", () -> outside.uplink().status().reason().contains("refuses user [gw-1]"));
    Files.writeString(file, TestBroker.PASSWORD + "\n");
    outside.awaitConnected();
    assertThat(outside.events("uplink.disconnected")).isEqualTo(1);
  }

  @Test
  void deliversOverWebSocket() throws Exception {
    TestBroker at = broker(Kind.ARTEMIS);
    Hub listening = new Hub(at.uri());
    hub = Optional.of(listening);
    TestGateway made =
        new TestGateway(directory, at.uri().replace("tcp:", "ws:") + "/mqtt")
            .with("user", TestBroker.USER)
            .with(".password", TestBroker.PASSWORD);
    gateway = Optional.of(made);
    made.start().awaitConnected();
    int[] sizes = {1, 100, 1000, 70_000, 300_000};
    for (int i = 0; i < 50; i++) {
      made.send(i, sizes[i % sizes.length]);
    }
    await("delivery", () -> made.uplink().status().pending() == 0);
    await("all records at the hub", () -> listening.records.size() == 50);
  }
}
