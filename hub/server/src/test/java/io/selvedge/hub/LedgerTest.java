package io.selvedge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.Records;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who sent how much on which day, over a real broker. */
class LedgerTest {

  private static final Instant LATE = Instant.parse("2026-01-31T23:59:00Z");
  private static TestHub hub;

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    hub = new TestHub(data);
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  private static Message office(int minute) {
    Map<String, Value> metrics =
        Map.of(
            "temperature", Value.of(20.0 + minute),
            "door", Value.of(true),
            "unit.temperature", Value.of("Cel"));
    return Message.of("DATA-V1", "office", LATE.plusSeconds(60L * minute), metrics)
        .withSource("flow/office");
  }

  private static int bytes(Message message, String outbox, long record) {
    byte[] plain = KuraCodec.encodePlain(Records.payload(message));
    return KuraCodec.append(plain, Records.identity(outbox, record)).length;
  }

  private static List<JsonNode> lines(String query) throws Exception {
    TestHub.Answer answer = hub.get("/api/v1/distribution" + query);
    assertThat(answer.status()).isEqualTo(200);
    List<JsonNode> lines = new ArrayList<>();
    answer.json().path("distribution").forEach(lines::add);
    return lines;
  }

  private static void waitFor(String gateway, String app, long arrived) throws Exception {
    hub.await(
        "/api/v1/gateways/" + gateway,
        json -> {
          JsonNode counts = json.path("counts").path(app);
          return counts.path("stored").asLong() + counts.path("duplicates").asLong() == arrived;
        });
  }

  @Test
  void countsEachStoredMessageOnceByItsOwnDay() throws Exception {
    try (FakeGateway gateway = FakeGateway.born(hub.mqtt(), "gw-1", hub.enrol("gw-1"))) {
      for (int round = 0; round < 3; round++) { // the broker's duplicates change nothing
        gateway.send(office(0), "box", 11);
        gateway.send(office(1), "box", 12);
        gateway.send(office(2), "box", 15);
      }
      waitFor("gw-1", "DATA-V1", 9);
    }

    List<JsonNode> lines = lines("?gateway=gw-1");

    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).path("day").asText()).isEqualTo("2026-01-31");
    assertThat(lines.get(0).path("source").asText()).isEqualTo("flow/office");
    assertThat(lines.get(0).path("outbox").asText()).isEqualTo("box");
    assertThat(lines.get(0).path("messages").asLong()).isEqualTo(1);
    assertThat(lines.get(0).path("measurements").asLong()).isEqualTo(2);
    assertThat(lines.get(0).path("bytes").asLong()).isEqualTo(bytes(office(0), "box", 11));
    assertThat(lines.get(1).path("day").asText()).isEqualTo("2026-02-01");
    assertThat(lines.get(1).path("messages").asLong()).isEqualTo(2);
    assertThat(lines.get(1).path("firstRecord").asLong()).isEqualTo(12);
    assertThat(lines.get(1).path("lastRecord").asLong()).isEqualTo(15);
    assertThat(lines("?gateway=gw-1&from=2026-02-01")).containsExactly(lines.get(1));
    assertThat(lines("?gateway=gw-1&to=2026-02-01")).containsExactly(lines.get(0));
    assertThat(lines("?gateway=gw-1&source=flow/other")).isEmpty();
    assertThat(lines("?gateway=gw-1&source=")).isEmpty();
  }

  @Test
  void aSenderWithoutIdentityIsCountedByItsGateway() throws Exception {
    try (FakeGateway gateway = FakeGateway.born(hub.mqtt(), "gw-2", hub.enrol("gw-2"))) {
      Message message = office(0).withSource("");
      KuraPayload payload = Records.payload(message);
      gateway.publish(
          new KuraTopic.Data(FakeGateway.ACCOUNT, "gw-2", "DATA-V1", "office").topic(), payload);
      waitFor("gw-2", "DATA-V1", 1);

      List<JsonNode> lines = lines("?gateway=gw-2&source=");
      assertThat(lines).hasSize(1);
      assertThat(lines.get(0).path("outbox").asText()).isEmpty();
      assertThat(lines.get(0).path("bytes").asLong()).isEqualTo(KuraCodec.encode(payload).length);
    }
  }

  @Test
  void saysWhatIsWrongWithADay() throws Exception {
    TestHub.Answer answer = hub.get("/api/v1/distribution?from=yesterday");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("message").asText())
        .isEqualTo("from [yesterday] must be a day, for example 2026-01-31");
  }
}
