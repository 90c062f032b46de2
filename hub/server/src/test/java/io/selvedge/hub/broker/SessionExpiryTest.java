package io.selvedge.hub.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.hub.FakeGateway;
import io.selvedge.hub.TestHub;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Metric;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttReturnCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sessions of clients that are away, beyond the moment at which the broker looks for expired ones.
 */
class SessionExpiryTest {

  private static final String TOPIC = "$EDC/selvedge/away/MQTT/BIRTH";
  private static final String INBOX = "$EDC/selvedge/away/#";
  private static final long DAY = 24 * 3600;

  /** Of 25 to 49 days the broker would count less than none, of more some time of its own. */
  private static final long[] DAYS = {24, 25, 30, 40, 49, 30_000};

  @Test
  void sessionsLastAndExpireWhenTheirClientsAskedForIt(@TempDir Path data) throws Exception {
    try (TestHub hub = new TestHub(data)) {
      String password = hub.enrol("away");
      assertThat(connect3(hub.mqtt(), password, new LinkedBlockingQueue<>())).isFalse();
      for (long days : DAYS) {
        assertThat(connect5(hub.mqtt(), password, "away/" + days, days * DAY)).isFalse();
        leave5(hub.mqtt(), password, "away/left-" + days, days * DAY);
      }
      try (FakeGateway other = new FakeGateway(hub.mqtt(), "away", "away/2", password)) {
        other.publish(TOPIC, KuraPayload.of(Instant.EPOCH, Map.of("x", Metric.of(1.0))));
      }
      awaitScan(hub.mqtt(), password);

      for (long days : DAYS) {
        assertThat(connect5(hub.mqtt(), password, "away/" + days, days * DAY)).isTrue();
        assertThat(connect5(hub.mqtt(), password, "away/left-" + days, days * DAY)).isTrue();
      }
      BlockingQueue<String> heard = new LinkedBlockingQueue<>();
      assertThat(connect3(hub.mqtt(), password, heard)).isTrue();
      assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo(TOPIC);
    }
  }

  /** Of sessions that last for a second one is gone: the broker has looked. */
  private static void awaitScan(String broker, String password) throws Exception {
    for (int i = 0; i < 12; i++) {
      assertThat(connect5(broker, password, "away/brief-" + i, 1)).isFalse();
    }
    boolean there = true;
    for (int i = 0; i < 12 && there; i++) {
      TimeUnit.SECONDS.sleep(1); // asking again would keep it
      there = connect5(broker, password, "away/brief-" + i, 1);
    }
    assertThat(there).isFalse();
  }

  /** Whether there was a session; what had waited in it is heard. */
  private static boolean connect3(String broker, String password, BlockingQueue<String> heard)
      throws Exception {
    MqttClient client = new MqttClient(broker, "away", new MemoryPersistence());
    try {
      MqttConnectOptions options = new MqttConnectOptions();
      options.setCleanSession(false);
      options.setUserName("away");
      options.setPassword(password.toCharArray());
      client.setCallback(new Ears(heard)); // first: what waits comes with the connection
      boolean there = client.connectWithResult(options).getSessionPresent();
      client.subscribe(INBOX, 1);
      if (there) {
        for (int i = 0; i < 600 && heard.isEmpty(); i++) {
          TimeUnit.MILLISECONDS.sleep(50);
        }
      }
      client.disconnect();
      return there;
    } finally {
      client.close();
    }
  }

  /** Whether there was a session; it is to last so many seconds from now on. */
  private static boolean connect5(String broker, String password, String id, long seconds)
      throws Exception {
    org.eclipse.paho.mqttv5.client.MqttClient client =
        new org.eclipse.paho.mqttv5.client.MqttClient(
            broker, id, new org.eclipse.paho.mqttv5.client.persist.MemoryPersistence());
    try {
      boolean there = client.connectWithResult(options5(password, seconds)).getSessionPresent();
      client.subscribe(INBOX, 1);
      client.disconnect();
      return there;
    } finally {
      client.close();
    }
  }

  /** Asks for the time when it goes, not when it comes. */
  private static void leave5(String broker, String password, String id, long seconds)
      throws Exception {
    MqttAsyncClient client =
        new MqttAsyncClient(
            broker, id, new org.eclipse.paho.mqttv5.client.persist.MemoryPersistence());
    try {
      client.connect(options5(password, 3600)).waitForCompletion(30_000);
      client.subscribe(INBOX, 1).waitForCompletion(30_000);
      MqttProperties end = new MqttProperties();
      end.setSessionExpiryInterval(seconds);
      client
          .disconnect(30_000, null, null, MqttReturnCode.RETURN_CODE_SUCCESS, end)
          .waitForCompletion(30_000);
    } finally {
      client.close();
    }
  }

  private static MqttConnectionOptions options5(String password, long seconds) {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setCleanStart(false);
    options.setSessionExpiryInterval(seconds);
    options.setUserName("away");
    options.setPassword(password.getBytes(StandardCharsets.UTF_8));
    return options;
  }
}
