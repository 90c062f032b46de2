package io.selvedge.console.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.console.Bench;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxRoutesTest {

  private static final String LETTERS = "/api/outbox/dead-letters";

  @TempDir Path data;

  @SuppressWarnings("NullAway.Init") // made anew before each test
  Bench bench;

  @BeforeEach
  void make() throws Exception {
    bench = new Bench(data).signedIn();
  }

  private JsonNode get(String path) throws Exception {
    return Bench.json(bench.get(path));
  }

  @Test
  void tellsWhatWaitsBySource() throws Exception {
    JsonNode answer = get("/api/outbox");

    assertThat(answer.path("accepted").asLong()).isEqualTo(1200);
    assertThat(answer.path("writtenPerPayloadByte").asDouble()).isEqualTo(1.42);
    assertThat(answer.path("deadLetters").asInt()).isEqualTo(2);
    JsonNode office = answer.path("sources").get(0);
    assertThat(office.path("source").asText()).isEqualTo("flow/office");
    assertThat(office.path("oldest").asText()).isEqualTo("PT7S");
    assertThat(office.path("dropped").path("expired").asLong()).isEqualTo(2);
    assertThat(Bench.refusal(bench.get("/api/outbox?uplink=moon")))
        .isEqualTo("404 uplink.no_outbox");
  }

  @Test
  void showsWhatADeadLetterSays() throws Exception {
    assertThat(get(LETTERS).path("letters")).hasSize(2);
    JsonNode letter = get(LETTERS + "/17");
    assertThat(letter.path("why").asText()).isEqualTo("payload of [9] bytes is too large");
    assertThat(letter.path("resource").asText()).isEqualTo("DATA-V1/office");
    assertThat(letter.path("metrics").path("temperature").asText()).isEqualTo("21.5");
    assertThat(Bench.refusal(bench.get(LETTERS + "/99"))).isEqualTo("404 outbox.unknown_letter");
    assertThat(Bench.refusal(bench.get(LETTERS + "/x"))).isEqualTo("400 outbox.no_id");
  }

  @Test
  void sendsADeadLetterAgain() throws Exception {
    JsonNode answer = Bench.json(bench.post(LETTERS + "/17/resend", "{}"));
    assertThat(answer.path("record").asLong()).isEqualTo(2001);
    assertThat(get(LETTERS).path("letters")).hasSize(1);
    assertThat(Bench.refusal(bench.post(LETTERS + "/17/resend", "{}")))
        .isEqualTo("404 outbox.unknown_letter");
  }

  @Test
  void keepsADeadLetterThatTheOutboxDoesNotTake() throws Exception {
    assertThat(Bench.refusal(bench.post(LETTERS + "/18/resend", "{}")))
        .isEqualTo("409 outbox.refuses");
    assertThat(get(LETTERS).path("letters")).hasSize(2);
  }

  @Test
  void throwsADeadLetterAway() throws Exception {
    assertThat(bench.call("DELETE", LETTERS + "/18", Map.of(), "").status()).isEqualTo(204);
    assertThat(get(LETTERS).path("letters")).hasSize(1);
    assertThat(Bench.refusal(bench.call("DELETE", LETTERS + "/18", Map.of(), "")))
        .isEqualTo("404 outbox.unknown_letter");
  }
}
