package io.selvedge.hub;

import static io.selvedge.hub.FakeGateway.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Metric;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What gateways send over a real broker, as REST gives it back. */
class IngestTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private static TestHub hub;
  private static int gateways;
  private FakeGateway gateway;
  private String id;

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    hub = new TestHub(data);
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  @BeforeEach
  void connect() throws Exception {
    id = "gw-" + ++gateways; // each test has a gateway of its own
    gateway = FakeGateway.born(hub.mqtt(), id, hub.enrol(id));
  }

  @AfterEach
  void disconnect() throws Exception {
    gateway.close();
  }

  private String count() {
    return "/api/v1/measurements/count?gateway=" + id;
  }

  private String fleet() {
    return "/api/v1/gateways/" + id;
  }

  @Test
  void aRowIsStoredWithEachOfItsValues() throws Exception {
    gateway.send(
        Message.of(
            "DATA-V1",
            "hall",
            NOON,
            Map.of(
                "temperature", Value.of(21.5),
                "unit.temperature", Value.of("Cel"),
                "pulses", Value.of(7L),
                "door", Value.of(false),
                "mode", Value.of("auto"),
                "light", Value.missing(Value.Reason.NO_ANSWER, "bus silent"))),
        "box",
        1);

    JsonNode stored =
        hub.await(
            "/api/v1/measurements?device=hall&gateway=" + id,
            a -> a.get("measurements").size() == 5);

    assertThat(stored.get("measurements"))
        .anySatisfy(
            m -> {
              assertThat(m.get("channel").asText()).isEqualTo("temperature");
              assertThat(m.get("value").asDouble()).isEqualTo(21.5);
              assertThat(m.get("unit").asText()).isEqualTo("Cel");
              assertThat(m.get("time").asText()).isEqualTo("2026-01-31T12:00:00Z");
            })
        .anySatisfy(m -> assertThat(m.path("value").toString()).isEqualTo("7"))
        .anySatisfy(m -> assertThat(m.path("value").toString()).isEqualTo("false"))
        .anySatisfy(m -> assertThat(m.path("value").toString()).isEqualTo("\"auto\""))
        .anySatisfy(m -> assertThat(m.path("missing").asText()).isEqualTo("NO_ANSWER: bus silent"));
  }

  @Test
  void aMessageThatComesTwiceIsStoredOnce() throws Exception {
    gateway.send(row("hall", NOON, 20), "box", 1);
    gateway.send(row("hall", NOON, 20), "box", 1);
    gateway.send(row("hall", NOON.plusSeconds(1), 21), "box", 2);

    hub.await(
        fleet(),
        g ->
            g.at("/counts/DATA-V1/duplicates").asInt() == 1
                && g.at("/counts/DATA-V1/stored").asInt() == 2);
    assertThat(hub.get(count()).json().toString()).isEqualTo("{\"count\":4,\"rows\":2}");
  }

  @Test
  void theSameRecordNumberOfAnotherOutboxIsAnotherMessage() throws Exception {
    gateway.send(row("hall", NOON, 20), "box", 1);
    gateway.send(row("hall", NOON, 20), "box-made-anew", 1);

    assertThat(hub.await(count(), c -> c.get("rows").asInt() == 2).get("count").asInt())
        .isEqualTo(4);
  }

  @Test
  void aMessageOfAnotherMakeOfGatewayIsKnownByWhatItSays() throws Exception {
    String topic = "selvedge/" + id + "/DATA-V1/hall";
    KuraPayload first = KuraPayload.of(NOON, Map.of("x", Metric.of(1.0), "y", Metric.of(2L)));
    gateway.publish(topic, first);
    gateway.publish(topic, KuraCodec.encodePlain(first));
    gateway.publish(topic, KuraPayload.of(NOON, Map.of("x", Metric.of(1.0), "y", Metric.of(3L))));
    gateway.publish(topic, KuraPayload.of(NOON.plusMillis(1), first.metrics()));
    gateway.publish(topic + "/2", first);

    hub.await(
        fleet(),
        g ->
            g.at("/counts/DATA-V1/duplicates").asInt() == 1
                && g.at("/counts/DATA-V1/stored").asInt() == 4);
  }

  @Test
  void aMessageWithNeitherRecordNorTimeCannotBeToldFromAnotherLikeIt() throws Exception {
    KuraPayload untimed =
        new KuraPayload(
            Optional.empty(), Optional.empty(), Map.of("x", Metric.of(1.0)), new byte[0]);
    gateway.publish("selvedge/" + id + "/DATA-V1/hall", untimed);
    gateway.publish("selvedge/" + id + "/DATA-V1/hall", untimed);

    hub.await(fleet(), g -> g.at("/counts/DATA-V1/stored").asInt() == 2);
  }

  @Test
  void whatCannotBeReadIsSetAsideAndStopsNothing() throws Exception {
    gateway.publish("selvedge/" + id + "/DATA-V1/hall", new byte[] {1, 2, 3, 4});
    gateway.publish("selvedge/" + id + "/DECISION-V1/office", new byte[0]);
    gateway.send(row("hall", NOON, 20), "box", 1);

    JsonNode json = hub.await(fleet(), g -> g.at("/counts/DATA-V1/stored").asInt() == 1);
    assertThat(json.at("/counts/DATA-V1/refused").asInt()).isEqualTo(1);
    assertThat(json.at("/counts/DECISION-V1/refused").asInt()).isEqualTo(1);
    assertThat(hub.get("/health/ready").status()).isEqualTo(200);
  }

  @Test
  void whatAnotherApplicationSendsIsKeptAsItCame() throws Exception {
    gateway.send(
        new Message(
            "FLOW-V1",
            "office/summary",
            NOON,
            Map.of("mean", Value.of(21.5), "x", Value.missing(Value.Reason.ABSENT, "")),
            new byte[] {1, 2, 3},
            5,
            Duration.ZERO),
        "box",
        1);

    JsonNode stored =
        hub.await("/api/v1/messages?app=FLOW-V1&gateway=" + id, m -> m.get("messages").size() == 1)
            .at("/messages/0");
    assertThat(stored.get("resource").asText()).isEqualTo("office/summary");
    assertThat(stored.get("metrics").toString())
        .isEqualTo("{\"mean\":21.5,\"missing.x\":\"ABSENT\"}");
    assertThat(stored.get("body").asText()).isEqualTo("AQID");
    assertThat(hub.get(fleet()).json().at("/counts/FLOW-V1/stored").asInt()).isEqualTo(1);
  }

  @Test
  void decisionsEventsAndTheReportedStateAreStored() throws Exception {
    String decision =
        "{\"flow\":\"office\",\"time\":\"2026-01-31T12:00:00Z\","
            + "\"model\":{\"name\":\"occupancy\",\"version\":\"2\"},\"rules\":[\"occupied\"]}";
    gateway.send(
        Message.of("DECISION-V1", "office", NOON, decision.getBytes(StandardCharsets.UTF_8), 3),
        "box",
        1);
    gateway.send(
        Message.of(
            "EVENT-V1",
            "device.down",
            NOON,
            Map.of(
                "severity", Value.of("WARNING"),
                "source", Value.of("hall"),
                "code", Value.of("device.down"),
                "message", Value.of("hall does not answer"))),
        "box",
        2);
    gateway.send(
        Message.of(
            "TWIN-V1",
            "reported",
            NOON,
            "{\"deployment\":{\"revision\":4}}".getBytes(StandardCharsets.UTF_8),
            1),
        "box",
        3);

    JsonNode twin = hub.await(fleet(), g -> g.has("reported")).at("/reported/deployment");
    assertThat(twin.get("revision").asInt()).isEqualTo(4);
    JsonNode one = hub.get("/api/v1/decisions?flow=office&gateway=" + id).json().at("/decisions/0");
    assertThat(one.at("/model/version").asText()).isEqualTo("2");
    assertThat(one.get("gateway").asText()).isEqualTo(id);
    assertThat(hub.get("/api/v1/decisions/count?gateway=" + id).json().get("count").asInt())
        .isEqualTo(1);
    assertThat(hub.get("/api/v1/events?gateway=" + id).json().at("/events/0/message").asText())
        .isEqualTo("hall does not answer");
  }

  @Test
  void aGatewayIsOnlineFromItsBirthAndLostByItsWill() throws Exception {
    JsonNode born = hub.await(fleet(), g -> g.get("state").asText().equals("ONLINE"));
    assertThat(born.at("/birth/display_name").asText()).isEqualTo("Hall");

    gateway.vanish(); // the broker publishes its will

    hub.await(fleet(), g -> g.get("state").asText().equals("LOST"));
  }

  @Test
  void pagesFollowEachOtherWithoutGapOrOverlap() throws Exception {
    for (int i = 0; i < 10; i++) {
      gateway.send(row("hall", NOON.plusSeconds(i), i), "box", i);
    }
    hub.await(count(), c -> c.get("rows").asInt() == 10);

    java.util.Set<String> seen = new java.util.HashSet<>();
    String path = "/api/v1/measurements?limit=3&gateway=" + id;
    String after = "";
    do {
      JsonNode page = hub.get(path + after).json();
      page.get("measurements")
          .forEach(m -> assertThat(seen.add(m.get("time") + "" + m.get("channel"))).isTrue());
      after = page.has("next") ? "&after=" + page.get("next").asText() : "";
    } while (!after.isEmpty());
    assertThat(seen).hasSize(20);
  }
}
