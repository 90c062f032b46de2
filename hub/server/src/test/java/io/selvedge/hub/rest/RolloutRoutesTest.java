package io.selvedge.hub.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.hub.FakeInstaller;
import io.selvedge.hub.TestHub;
import io.selvedge.hub.TestHub.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutRoutesTest {

  private static final String PATH = "/api/v1/rollouts";

  private static TestHub hub;

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    hub = new TestHub(data);
    hub.register("f", "g");
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  private static String body(String flow, String rest) {
    return String.format(
        "{\"name\": \"test\", \"artifacts\": [{\"kind\": \"FLOW\", \"name\": \"%s\"}], %s,"
            + " \"by\": \"anna\", \"reason\": \"because\"}",
        flow, rest);
  }

  @Test
  void aRolloutIsAskedForWatchedAndEndsWithItsStory() throws Exception {
    String password = hub.enrol("gw-1");
    try (FakeInstaller gateway = new FakeInstaller(hub.mqtt(), "gw-1", password, artifact -> "")) {
      hub.await("/api/v1/gateways/gw-1", one -> one.get("state").asText().equals("ONLINE"));
      Answer made = hub.post(PATH, body("f", "\"gateways\": [\"gw-1\"], \"start\": \"manual\""));
      assertThat(made.status()).isEqualTo(201);
      String one = PATH + "/" + made.json().get("id").asLong();
      hub.await(one, r -> r.get("state").asText().equals("READY"));
      Answer overlap = hub.post(PATH, body("f", "\"fleet\": {}"));
      assertThat(overlap.status()).isEqualTo(409);
      assertThat(overlap.json().get("code").asText()).isEqualTo("rollout.overlap");
      assertThat(hub.post(one + "/start", "").status()).isEqualTo(200);
      hub.await(one, r -> r.get("state").asText().equals("FINISHED"));
      assertThat(hub.get(one).json().at("/counts/DONE").asInt()).isEqualTo(1);
      assertThat(hub.get(PATH + "?state=FINISHED").json().get("rollouts")).hasSize(1);
      assertThat(hub.get(PATH + "?state=PAUSED").json().get("rollouts")).isEmpty();
      JsonNode target = hub.get(one + "/gateways?state=DONE&group=canary").json();
      assertThat(target.at("/gateways/0/trial/agreement").asDouble()).isEqualTo(0.98);
      assertThat(hub.get(one + "/gateways?group=all").json().get("gateways")).isEmpty();
      JsonNode events = hub.get(one + "/events?limit=1").json();
      assertThat(events.at("/events/0/who").asText()).isEqualTo("anna");
      assertThat(events.at("/events/0/why").asText()).isEqualTo("because");
      assertThat(events.has("next")).isTrue();
      assertThat(gateway.revisions()).containsExactly(1L);
      Answer again = hub.post(one + "/pause", "{}");
      assertThat(again.status()).isEqualTo(409);
      assertThat(again.json().get("code").asText()).isEqualTo("rollout.wrong_state");
    }
  }

  @Test
  void aDeploymentToOneGatewayHasTermsOfItsOwn() throws Exception {
    String password = hub.enrol("gw-9");
    String body =
        "{\"gateway\": \"gw-9\", \"artifacts\": [{\"kind\": \"FLOW\", \"name\": \"f\"}], %s}";
    String trial = "\"trial\": {\"live\": {\"rows\": 5}}, \"minimum_runtime\": \"9.0.0\"";
    assertThat(hub.post("/api/v1/deployments", String.format(body, trial)).status()).isEqualTo(201);
    try (FakeInstaller gateway = new FakeInstaller(hub.mqtt(), "gw-9", password, artifact -> "")) {
      hub.await(
          "/api/v1/gateways/gw-9",
          one -> one.at("/reported/deployment/state").asText().equals("ACTIVE"));
      assertThat(gateway.newest())
          .contains("minimumRuntime=Optional[9.0.0]")
          .contains("rows=OptionalLong[5]");
    }
    String wrong = "\"trial\": {\"live\": {\"rows\": 5, \"max_fun\": 1}}";
    Answer refused = hub.post("/api/v1/deployments", String.format(body, wrong));
    assertThat(refused.status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "f|\"gateways\": [\"nobody\"]|404|gateway.unknown",
        "f|\"fleet\": {\"id\": \"nobody-*\"}|400|rollout.no_gateways",
        "h|\"fleet\": {}|404|artifact.unknown",
        "g|\"fleet\": {}, \"start\": \"soon\"|400|request.invalid",
        "g|\"fleet\": {}, \"groups\": [{\"count\": 0}]|400|request.invalid"
      })
  void whatCannotBeDoneIsRefusedWithItsCode(String flow, String rest, int status, String code)
      throws Exception {
    Answer answer = hub.post(PATH, body(flow, rest));
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.json().get("code").asText()).isEqualTo(code);
    assertThat(answer.json().get("message").asText()).contains("[");
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/rollouts/77,404",
    "/api/v1/rollouts/x,404",
    "/api/v1/rollouts/77/events,404",
    "/api/v1/rollouts?state=BUSY,400",
    "/api/v1/rollouts?limit=0,400"
  })
  void whatIsNotThereIsSaid(String path, int status) throws Exception {
    Answer answer = hub.get(path);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.json().get("message").asText()).contains("[");
  }
}
