package io.selvedge.hub;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.KuraTopic.Stage;
import io.selvedge.protocol.kura.Metric;
import io.selvedge.protocol.kura.Records;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** A gateway as far as a broker can see: a real MQTT client with a gateway's topics. */
public final class FakeGateway implements AutoCloseable {

  /** What arrived. */
  public record Heard(String topic, KuraPayload payload) {}

  public static final String ACCOUNT = "selvedge";

  private final String id;
  private final MqttClient client;
  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> lost = new LinkedBlockingQueue<>();

  public FakeGateway(String broker, String id, String clientId, String password)
      throws MqttException {
    this.id = id;
    this.client = new MqttClient(broker, clientId, new MemoryPersistence());
    client.setTimeToWait(30_000);
    client.setCallback(new Ears());
    MqttConnectOptions options = new MqttConnectOptions();
    options.setUserName(id);
    options.setPassword(password.toCharArray());
    options.setConnectionTimeout(20);
    options.setMaxInflight(1000); // Paho counts down a moment after a publish has returned
    options.setWill(new KuraTopic.Life(ACCOUNT, id, Stage.LWT).topic(), new byte[0], 0, false);
    client.connect(options);
  }

  /** Connects, hears what is for it and is born. */
  public static FakeGateway born(String broker, String id, String password) throws MqttException {
    FakeGateway gateway = new FakeGateway(broker, id, id, password);
    gateway.subscribe(KuraTopic.inbox(ACCOUNT, id));
    gateway.birth();
    return gateway;
  }

  public void birth() throws MqttException {
    publish(
        new KuraTopic.Life(ACCOUNT, id, Stage.BIRTH).topic(),
        KuraPayload.of(Instant.now(), Map.of("display_name", Metric.of("Hall"))));
  }

  public void subscribe(String filter) throws MqttException {
    client.subscribe(filter, 1);
  }

  public void publish(String topic, KuraPayload payload) throws MqttException {
    publish(topic, KuraCodec.encode(payload));
  }

  public void publish(String topic, byte[] bytes) throws MqttException {
    client.publish(topic, bytes, 1, false);
  }

  /** As its outbox would send it. */
  public void send(Message message, String outbox, long record) throws MqttException {
    byte[] plain = KuraCodec.encodePlain(Records.payload(message));
    publish(
        new KuraTopic.Data(ACCOUNT, id, message.app(), message.resource()).topic(),
        KuraCodec.append(plain, Records.identity(outbox, record)));
  }

  public static Message row(String device, Instant time, double temperature) {
    return Message.of(
        "DATA-V1",
        device,
        time,
        Map.of("temperature", Value.of(temperature), "door", Value.of(true)));
  }

  /** Asks the hub and waits for its reply. */
  public io.selvedge.api.uplink.Reply ask(String app, io.selvedge.api.uplink.Request request)
      throws MqttException, InterruptedException, TimeoutException {
    String requestId = Long.toHexString(System.nanoTime());
    publish(
        new KuraTopic.Call(ACCOUNT, KuraTopic.HUB, app, request.method(), request.resource())
            .topic(),
        Calls.payload(request, new Calls.Correlation(requestId, id), Instant.now()));
    String expected = new KuraTopic.Answer(ACCOUNT, id, app, requestId).topic();
    while (true) {
      Heard one = hear();
      if (one.topic().equals(expected)) {
        return Calls.reply(one.payload());
      }
    }
  }

  /** The next message for it. */
  public Heard hear() throws InterruptedException, TimeoutException {
    return hear(30_000);
  }

  /** The same, if it comes soon. */
  public Heard hear(long millis) throws InterruptedException, TimeoutException {
    Heard one = heard.poll(millis, TimeUnit.MILLISECONDS);
    if (one == null) {
      throw new TimeoutException("nothing arrived");
    }
    return one;
  }

  public boolean hearsNothingFor(long millis) throws InterruptedException {
    return heard.poll(millis, TimeUnit.MILLISECONDS) == null;
  }

  /** Waits until the broker has closed the connection. */
  public boolean isThrownOut() throws InterruptedException {
    return lost.poll(30, TimeUnit.SECONDS) != null;
  }

  /** Is gone without a farewell, as after a power cut. */
  public void vanish() throws MqttException {
    client.disconnectForcibly(0, 50, false);
  }

  public boolean connected() {
    return client.isConnected();
  }

  @Override
  public void close() throws MqttException {
    if (client.isConnected()) {
      client.disconnectForcibly(0, 50);
    }
    client.close(true);
  }

  private final class Ears implements MqttCallback {
    @Override
    public void connectionLost(Throwable cause) {
      lost.add(String.valueOf(cause.getMessage()));
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) throws Exception {
      heard.add(new Heard(topic, KuraCodec.decode(message.getPayload())));
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {}
  }
}
