package io.selvedge.hub.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.uplink.Request;
import io.selvedge.hub.FakeGateway;
import io.selvedge.hub.TestHub;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Metric;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What real clients may do at the real broker. Ids with dots and dashes are the awkward ones. */
class BrokerAccessTest {

  private static final String BIRTH = "$EDC/selvedge/quiet/MQTT/BIRTH";
  private static final KuraPayload ANY = KuraPayload.of(Instant.EPOCH, Map.of("x", Metric.of(1.0)));

  private static TestHub hub;
  private static String password;
  private static String otherPassword;

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    hub = new TestHub(data);
    password = hub.enrol("gw.1-a");
    otherPassword = hub.enrol("gw");
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  @Test
  void aGatewaySignsInWithItsPasswordOnly() throws Exception {
    try (FakeGateway right = new FakeGateway(hub.mqtt(), "gw.1-a", "gw.1-a", password)) {
      assertThat(right.connected()).isTrue();
    }
    assertThatThrownBy(() -> new FakeGateway(hub.mqtt(), "gw.1-a", "gw.1-a", otherPassword))
        .isInstanceOf(MqttException.class);
    assertThatThrownBy(() -> new FakeGateway(hub.mqtt(), "gw.1-a", "gw.1-a", ""))
        .isInstanceOf(MqttException.class);
    assertThatThrownBy(() -> new FakeGateway(hub.mqtt(), "HUB", "HUB", password))
        .isInstanceOf(MqttException.class);
    assertThatThrownBy(() -> new FakeGateway(hub.mqtt(), "stranger", "stranger", password))
        .isInstanceOf(MqttException.class);
  }

  @Test
  void nobodyComesInWithoutAName() throws Exception {
    MqttClient client = new MqttClient(hub.mqtt(), "gw", new MemoryPersistence());
    assertThatThrownBy(() -> client.connect(new MqttConnectOptions()))
        .isInstanceOf(MqttException.class);
    client.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HUB", "gw", "gw.1-b", "gw.1", ""})
  void noGatewayConnectsUnderAnotherClientId(String clientId) {
    assertThatThrownBy(() -> new FakeGateway(hub.mqtt(), "gw.1-a", clientId, password))
        .isInstanceOf(MqttException.class);
  }

  @Test
  void aSecondConnectionOfTheSameGatewayIsAllowed() throws Exception {
    try (FakeGateway blocks = new FakeGateway(hub.mqtt(), "gw.1-a", "gw.1-a/blocks", password)) {
      assertThat(blocks.connected()).isTrue();
    }
  }

  @Test
  void aGatewayMayPublishItsOwnAndToTheHub() throws Exception {
    try (FakeGateway gateway = new FakeGateway(hub.mqtt(), "gw.1-a", "gw.1-a", password)) {
      gateway.publish("selvedge/gw.1-a/DATA-V1/hall", ANY);
      gateway.publish("selvedge/gw.1-a/DATA-V1/hall/with.dots/and-dashes", ANY);
      gateway.publish("$EDC/selvedge/gw.1-a/MQTT/BIRTH", ANY);
      gateway.publish("$EDC/selvedge/HUB/TWIN-V1/GET/desired", ANY);
      gateway.publish("$EDC/selvedge/HUB/TWIN-V1/REPLY/17", ANY);
      assertThat(gateway.connected()).isTrue(); // each was acknowledged
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "selvedge/gw/DATA-V1/hall",
        "selvedge/gw.1-a",
        "selvedge.gw.1-a.DATA-V1.hall",
        "$EDC/selvedge/gw/TWIN-V1/PUT/desired",
        "$EDC/selvedge/gw.1-a/TWIN-V1/PUT/desired",
        "$sys.mqtt.sessions",
        "activemq.management",
        "selvedge/gw.1-a/x::HUB.queue"
      })
  void aGatewayMayNotPublish(String topic) throws Exception {
    try (FakeGateway gateway = new FakeGateway(hub.mqtt(), "gw.1-a", "gw.1-a", password)) {
      assertThatThrownBy(() -> gateway.publish(topic, ANY)).isInstanceOf(MqttException.class);
      assertThat(gateway.isThrownOut()).isTrue();
    }
  }

  @Test
  void aGatewayAsksAndNotifiesTheHubInItsOwnNameOnly() throws Exception {
    String ask = "$EDC/selvedge/HUB/TWIN-V1/GET/desired";
    KuraPayload own = request("gw.1-a");
    try (FakeGateway gateway = new FakeGateway(hub.mqtt(), "gw.1-a", "gw.1-a", password)) {
      gateway.publish(ask, own);
      gateway.publish(ask, KuraCodec.encodePlain(own));
      gateway.publish(ask, new byte[] {1, 2, 3}); // the hub cannot read it either
      gateway.publish("$EDC/selvedge/HUB/TWIN-V1/NOTIFY/gw.1-a/progress", ANY);
      assertThat(gateway.connected()).isTrue();
    }
    for (KuraPayload foreign : List.of(request("gw"), request("HUB"))) {
      try (FakeGateway gateway = new FakeGateway(hub.mqtt(), "gw.1-a", "gw.1-a", password)) {
        assertThatThrownBy(() -> gateway.publish(ask, foreign)).isInstanceOf(MqttException.class);
        assertThat(gateway.isThrownOut()).isTrue();
      }
    }
    try (FakeGateway gateway = new FakeGateway(hub.mqtt(), "gw.1-a", "gw.1-a", password)) {
      assertThatThrownBy(() -> gateway.publish("$EDC/selvedge/HUB/TWIN-V1/NOTIFY/gw/progress", ANY))
          .isInstanceOf(MqttException.class);
      assertThat(gateway.isThrownOut()).isTrue();
    }
  }

  private static KuraPayload request(String requester) {
    return Calls.payload(
        new Request(Request.Method.GET, "desired", Map.of(), new byte[0]),
        new Calls.Correlation("1", requester),
        Instant.EPOCH);
  }

  @Test
  void aGatewayWhosePasswordIsVoidIsThrownOutAndStaysOut() throws Exception {
    String first = hub.enrol("revoked");
    try (FakeGateway gateway = FakeGateway.born(hub.mqtt(), "revoked", first);
        FakeGateway second = new FakeGateway(hub.mqtt(), "revoked", "revoked/2", first);
        FakeGateway other = new FakeGateway(hub.mqtt(), "gw", "gw", otherPassword)) {
      String fresh = hub.enrol("revoked");
      assertThat(gateway.isThrownOut()).isTrue();
      assertThat(second.isThrownOut()).isTrue();
      assertThat(other.connected()).isTrue();
      assertThatThrownBy(() -> new FakeGateway(hub.mqtt(), "revoked", "revoked", first))
          .isInstanceOf(MqttException.class);

      try (FakeGateway again = new FakeGateway(hub.mqtt(), "revoked", "revoked", fresh)) {
        assertThat(hub.send(hub.request("/api/v1/gateways/revoked").DELETE().build()).status())
            .isEqualTo(204);
        assertThat(again.isThrownOut()).isTrue();
      }
      assertThatThrownBy(() -> new FakeGateway(hub.mqtt(), "revoked", "revoked", fresh))
          .isInstanceOf(MqttException.class);
    }
  }

  @Test
  void aGatewayMayHearItsInboxOrAPartOfIt() throws Exception {
    try (FakeGateway gateway = new FakeGateway(hub.mqtt(), "gw.1-a", "gw.1-a", password)) {
      gateway.subscribe("$EDC/selvedge/gw.1-a/#");
      gateway.subscribe("$EDC/selvedge/gw.1-a/TWIN-V1/+/#");
      assertThat(gateway.connected()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#",
        "$EDC/selvedge/+/#",
        "$EDC/selvedge/HUB/#",
        "$EDC/selvedge/gw/#",
        "selvedge/+/#",
        "$share/all/selvedge/+/#",
        "$EDC/selvedge/gw.1-a/x::HUB.queue",
        "$sys.mqtt.sessions"
      })
  void aGatewayMayNotHear(String filter) throws Exception {
    try (FakeGateway gateway = new FakeGateway(hub.mqtt(), "gw.1-a", "gw.1-a", password)) {
      assertThatThrownBy(() -> gateway.subscribe(filter)).isInstanceOf(MqttException.class);
      assertThat(gateway.isThrownOut()).isTrue();
    }
  }

  /** The queue of a subscription is named "client.filter": "gw" can spell that of "gw.1-a". */
  @Test
  void aFilterThatSpellsTheQueueOfAnotherGatewayDoesNoHarm() throws Exception {
    try (FakeGateway victim = new FakeGateway(hub.mqtt(), "gw.1-a", "gw.1-a", password);
        FakeGateway thief = new FakeGateway(hub.mqtt(), "gw", "gw", otherPassword)) {
      victim.subscribe("$EDC/selvedge/gw.1-a/#");
      assertThatThrownBy(() -> thief.subscribe("1-a.$EDC/selvedge/gw.1-a/#"))
          .isInstanceOf(MqttException.class);
      assertThat(thief.isThrownOut()).isTrue();
      assertThat(victim.connected()).isTrue();
    }
  }

  @Test
  void oneGatewayHearsNothingOfAnother() throws Exception {
    // No other test asks for it, whose answer could come now.
    String quiet = hub.enrol("quiet");
    try (FakeGateway one = FakeGateway.born(hub.mqtt(), "quiet", quiet);
        FakeGateway other = FakeGateway.born(hub.mqtt(), "gw", otherPassword)) {
      assertThat(one.hear().topic()).as("its own comes back").isEqualTo(BIRTH);
      other.publish("selvedge/gw/DATA-V1/hall", ANY);
      other.publish("$EDC/selvedge/HUB/TWIN-V1/GET/desired", ANY);
      other.birth();
      one.birth(); // what the other sent would come before it
      assertThat(one.hear().topic()).isEqualTo(BIRTH);
      assertThat(other.hear().topic()).isEqualTo(BIRTH.replace("quiet", "gw"));
    }
  }
}
