package io.selvedge.hub;

import static io.selvedge.hub.FakeGateway.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Metric;
import io.selvedge.testkit.Ports;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub with everything embedded, killed again and again while gateways send. */
class KilledHubTest {

  private static final int KILLS = 10;
  private static final int GATEWAYS = 3;
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final String BIRTH = "$EDC/selvedge/away/MQTT/BIRTH";

  private final AtomicBoolean sending = new AtomicBoolean(true);
  private final AtomicLong acknowledged = new AtomicLong();
  private String broker = "";

  /** Sends one after the other; what was not acknowledged is sent again, as an outbox does. */
  private long live(String id, String password) throws Exception {
    long next = 0;
    while (sending.get()) {
      try (FakeGateway gateway = FakeGateway.born(broker, id, password)) {
        while (sending.get()) {
          gateway.send(row("hall", NOON.plusSeconds(next), 21.5), "box", next);
          next++;
          acknowledged.incrementAndGet();
        }
      } catch (MqttException e) {
        TimeUnit.MILLISECONDS.sleep(20); // the hub was killed
      }
    }
    return next;
  }

  /** Births in the name of a gateway that is away: they wait in its session. */
  private Set<Long> tell(String password) throws Exception {
    Set<Long> told = new ConcurrentSkipListSet<>();
    long next = 0;
    while (sending.get()) {
      try (FakeGateway gateway = new FakeGateway(broker, "away", "away/2", password)) {
        while (sending.get()) {
          gateway.publish(BIRTH, KuraPayload.of(NOON, Map.of("number", Metric.of(next))));
          told.add(next++);
        }
      } catch (MqttException e) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
    return told;
  }

  private MqttClient away(String password, Set<Long> heard) throws MqttException {
    MqttClient client = new MqttClient(broker, "away", new MemoryPersistence());
    MqttConnectOptions options = new MqttConnectOptions();
    options.setCleanSession(false);
    options.setUserName("away");
    options.setPassword(password.toCharArray());
    client.setCallback(
        new org.eclipse.paho.client.mqttv3.MqttCallback() {
          @Override
          public void connectionLost(Throwable cause) {}

          @Override
          public void messageArrived(
              String topic, org.eclipse.paho.client.mqttv3.MqttMessage message) throws Exception {
            KuraCodec.decode(message.getPayload()).whole("number").ifPresent(heard::add);
          }

          @Override
          public void deliveryComplete(org.eclipse.paho.client.mqttv3.IMqttDeliveryToken token) {}
        });
    client.connect(options);
    return client;
  }

  @Test
  void whatWasAcknowledgedIsStoredOnceAndSessionsKeepWhatWaits(@TempDir Path folder)
      throws Exception {
    String address = "127.0.0.1:" + Ports.free();
    broker = "tcp://" + address;
    Random random = new Random(7);
    try (HubProcess hub = new HubProcess(folder.resolve("hub"), "--mqtt", address).awaitReady()) {
      ExecutorService threads = Executors.newCachedThreadPool();
      List<Future<Long>> gateways = new ArrayList<>();
      for (int i = 0; i < GATEWAYS; i++) {
        String id = "gw-" + i;
        String password = enrol(hub, id);
        gateways.add(threads.submit(() -> live(id, password)));
      }
      String password = enrol(hub, "away");
      Set<Long> heard = new ConcurrentSkipListSet<>();
      MqttClient client = away(password, heard);
      client.subscribe("$EDC/selvedge/away/#", 1);
      client.disconnect();
      client.close();
      Future<Set<Long>> telling = threads.submit(() -> tell(password));

      for (int kill = 0; kill < KILLS; kill++) {
        long from = acknowledged.get() + 20 + random.nextInt(200);
        for (int i = 0; i < 3000 && acknowledged.get() < from; i++) {
          TimeUnit.MILLISECONDS.sleep(10);
        }
        hub.kill();
        hub.restart();
        hub.awaitReady();
      }
      sending.set(false);
      long sent = 0;
      for (Future<Long> one : gateways) {
        sent += one.get(3, TimeUnit.MINUTES);
      }
      Set<Long> told = telling.get(3, TimeUnit.MINUTES);
      threads.shutdown();

      long all = sent;
      assertThat(all).isGreaterThan(KILLS * 20L);
      // One more of each gateway may have been taken, whose acknowledgement was cut off.
      assertThat(hub.awaitRows(all).get("rows").asLong()).isBetween(all, all + GATEWAYS);
      MqttClient back = away(password, heard); // subscribes to nothing: its session is there
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (System.nanoTime() < end && !heard.containsAll(told)) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      back.disconnect();
      back.close();
      assertThat(told).isNotEmpty();
      assertThat(heard).containsAll(told);
    }
  }

  private static String enrol(HubProcess hub, String gateway) throws Exception {
    return hub.post("/api/v1/gateways", "{\"id\": \"" + gateway + "\"}").get("password").asText();
  }
}
