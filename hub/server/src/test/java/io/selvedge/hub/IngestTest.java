package io.selvedge.hub;

import static io.selvedge.hub.FakeGateway.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What gateways send over a real broker, as REST gives it back. */
class IngestTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final String COUNT = "/api/v1/measurements/count";

  private TestHub hub;
  private FakeGateway gateway;
  private String password;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    hub = new TestHub(data);
    password = hub.enrol("gw-1");
    gateway = FakeGateway.born(hub.mqtt(), "gw-1", password);
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    hub.close();
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
        hub.await("/api/v1/measurements?device=hall", a -> a.get("measurements").size() == 5);

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

    JsonNode counts =
        hub.await("/api/v1/gateways/gw-1", g -> g.at("/counts/DATA-V1/duplicates").asInt() == 1)
            .at("/counts/DATA-V1");
    assertThat(counts.get("stored").asInt()).isEqualTo(2);
    assertThat(hub.get(COUNT).json().toString()).isEqualTo("{\"count\":4,\"rows\":2}");
  }

  @Test
  void theSameRecordNumberOfAnotherOutboxIsAnotherMessage() throws Exception {
    gateway.send(row("hall", NOON, 20), "box", 1);
    gateway.send(row("hall", NOON, 20), "box-made-anew", 1);

    assertThat(hub.await(COUNT, c -> c.get("rows").asInt() == 2).get("count").asInt()).isEqualTo(4);
  }

  @Test
  void nothingIsLostOrDoubledWhenTheHubIsRestarted() throws Exception {
    for (int i = 0; i < 200; i++) {
      gateway.send(row("hall", NOON.plusSeconds(i), i), "box", i);
      if (i == 100) {
        gateway.close();
        hub.restart();
        gateway = FakeGateway.born(hub.mqtt(), "gw-1", password);
      }
    }

    assertThat(hub.await(COUNT, c -> c.get("rows").asInt() >= 200).get("rows").asInt())
        .isEqualTo(200);
    assertThat(hub.get("/api/v1/gateways/gw-1").json().at("/counts/DATA-V1/duplicates").asInt())
        .isZero();
  }

  @Test
  void whatCannotBeReadIsSetAsideAndStopsNothing() throws Exception {
    gateway.publish("selvedge/gw-1/DATA-V1/hall", new byte[] {1, 2, 3, 4});
    gateway.publish("selvedge/gw-1/DECISION-V1/office", new byte[0]);
    gateway.send(row("hall", NOON, 20), "box", 1);

    JsonNode json =
        hub.await("/api/v1/gateways/gw-1", g -> g.at("/counts/DATA-V1/stored").asInt() == 1);
    assertThat(json.at("/counts/DATA-V1/refused").asInt()).isEqualTo(1);
    assertThat(json.at("/counts/DECISION-V1/refused").asInt()).isEqualTo(1);
    assertThat(hub.get("/health/ready").status()).isEqualTo(200);
  }

  @Test
  void anApplicationThatTheHubDoesNotKnowIsCounted() throws Exception {
    gateway.send(Message.of("OTHER-V1", "x", NOON, Map.of("a", Value.of(1.0))), "box", 1);

    assertThat(
            hub.await("/api/v1/gateways/gw-1", g -> g.at("/counts/OTHER-V1").isObject())
                .at("/counts/OTHER-V1/refused")
                .asInt())
        .isEqualTo(1);
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

    JsonNode twin =
        hub.await("/api/v1/gateways/gw-1", g -> g.has("reported")).at("/reported/deployment");
    assertThat(twin.get("revision").asInt()).isEqualTo(4);
    JsonNode one = hub.get("/api/v1/decisions?flow=office").json().at("/decisions/0");
    assertThat(one.at("/model/version").asText()).isEqualTo("2");
    assertThat(one.get("gateway").asText()).isEqualTo("gw-1");
    assertThat(hub.get("/api/v1/decisions/count").json().get("count").asInt()).isEqualTo(1);
    assertThat(hub.get("/api/v1/events?gateway=gw-1").json().at("/events/0/message").asText())
        .isEqualTo("hall does not answer");
  }

  @Test
  void aGatewayIsOnlineFromItsBirthAndLostByItsWill() throws Exception {
    JsonNode born =
        hub.await("/api/v1/gateways/gw-1", g -> g.get("state").asText().equals("ONLINE"));
    assertThat(born.at("/birth/display_name").asText()).isEqualTo("Hall");

    gateway.vanish(); // the broker publishes its will

    hub.await("/api/v1/gateways/gw-1", g -> g.get("state").asText().equals("LOST"));
  }

  @Test
  void pagesFollowEachOtherWithoutGapOrOverlap() throws Exception {
    for (int i = 0; i < 10; i++) {
      gateway.send(row("hall", NOON.plusSeconds(i), i), "box", i);
    }
    hub.await(COUNT, c -> c.get("rows").asInt() == 10);

    java.util.Set<String> seen = new java.util.HashSet<>();
    String path = "/api/v1/measurements?limit=3";
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
