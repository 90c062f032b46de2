package io.selvedge.hub.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.hub.FakeGateway;
import io.selvedge.hub.FakeInstaller;
import io.selvedge.hub.TestHub;
import io.selvedge.hub.TestHub.Answer;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.Recipient;
import io.selvedge.protocol.deployment.RuntimeVersion;
import io.selvedge.protocol.deployment.SignedEnvelope;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.KuraTopic;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Groups of gateways, and documents that are one for all of a group. */
class GroupRoutesTest {

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

  private static JsonNode enrol(String id, String groups) throws Exception {
    String body = "{\"id\": \"" + id + "\"" + groups + "}";
    return hub.post("/api/v1/gateways", body).json();
  }

  private static Answer put(String path, String body) throws Exception {
    return hub.send(hub.request(path).PUT(BodyPublishers.ofString(body)).build());
  }

  @Test
  void aGatewayIsToldItsGroupsWhenItIsEnrolledAndKeepsThem() throws Exception {
    assertThat(enrol("told", ", \"groups\": [\"north\", \"line_a\"]").get("groups").toString())
        .isEqualTo("[\"line_a\",\"north\"]");
    assertThat(enrol("told", "").get("groups")).as("enrolled anew").hasSize(2);
    Answer moved = put("/api/v1/gateways/told/groups", "{\"groups\": [\"south\"]}");
    assertThat(moved.json().get("groups").toString()).isEqualTo("[\"south\"]");
    assertThat(put("/api/v1/gateways/told/groups", "{\"groups\": []}").json().get("groups"))
        .isEmpty();
    assertThat(hub.get("/api/v1/gateways/told").json().get("groups")).isEmpty();
    assertThat(put("/api/v1/gateways/nobody/groups", "{\"groups\": []}").status()).isEqualTo(404);
    assertThat(put("/api/v1/gateways/told/groups", "{\"groups\": [\"a b\"]}").status())
        .isEqualTo(400);
  }

  @Test
  void groupsThatAPersonSetAtAGatewayAreLeftAloneUnlessTheHubWasToldAny() throws Exception {
    assertThat(enrol("untold", "").has("groups")).isFalse();
    assertThat(enrol("untold", ", \"groups\": []").get("groups")).as("of none").isEmpty();
    put("/api/v1/gateways/untold/groups", "{\"groups\": [\"south\"]}");
    assertThat(enrol("untold", "").get("groups").toString()).isEqualTo("[\"south\"]");
    put("/api/v1/gateways/untold/groups", "{\"groups\": []}");
    assertThat(enrol("untold", "").get("groups")).as("taken out of all").isEmpty();
  }

  @Test
  void oneDocumentGoesToAllMembersAndIsGoodForThemOnly() throws Exception {
    String in = ", \"groups\": [\"line_a\"]";
    String one = enrol("m-1", in).get("password").asText();
    String two = enrol("m-2", in).get("password").asText();
    enrol("other", ", \"groups\": [\"linexa\", \"line_a2\"]");
    try (FakeInstaller first = new FakeInstaller(hub.mqtt(), "m-1", one, artifact -> "");
        FakeInstaller second = new FakeInstaller(hub.mqtt(), "m-2", two, artifact -> "")) {
      for (int i = 0; i < 3; i++) { // one of both is ahead
        hub.post(
            "/api/v1/deployments",
            "{\"gateway\": \"m-1\", \"artifacts\": [{\"kind\": \"FLOW\", \"name\": \"f\"}]}");
      }
      Answer made =
          hub.post(
              "/api/v1/deployments",
              "{\"group\": \"line_a\", \"exactly\": true, \"artifacts\": [{\"kind\": \"FLOW\", \"name\": \"g\"}]}");
      assertThat(made.status()).isEqualTo(201);
      assertThat(made.json().get("gateways").toString()).isEqualTo("[\"m-1\",\"m-2\"]");
      assertThat(made.json().get("revision").asLong()).isEqualTo(4);
      for (String member : List.of("m-1", "m-2")) {
        hub.await(
            "/api/v1/gateways/" + member,
            g ->
                g.at("/reported/deployment/revision").asLong() == 4
                    && g.at("/reported/artifacts").size() == 1
                    && g.at("/reported/artifacts/0/name").asText().equals("g"));
      }
      assertThat(second.newest()).contains("line_a").isEqualTo(first.newest());
      assertThat(hub.get("/api/v1/gateways/other/deployment").json().has("desired")).isFalse();

      DeploymentDocument document =
          DeploymentDocument.verify(
              SignedEnvelope.parse(
                  made.json().get("envelope").asText().getBytes(StandardCharsets.UTF_8)),
              Set.of(Keys.publicKey(hub.get("/api/v1/keys").json().get("publicKey").asText())));
      RuntimeVersion runtime = new RuntimeVersion(1, 0, 0);
      document.requireFor(new Recipient("m-1", Set.of("line_a"), runtime), 3, Instant.now());
      assertThatThrownBy(
              () ->
                  document.requireFor(
                      new Recipient("other", Set.of("line_a2"), runtime), 3, Instant.now()))
          .hasMessageContaining("this is gateway [other] of groups [line_a2]");

      hub.post(
          "/api/v1/deployments",
          "{\"gateway\": \"m-2\", \"artifacts\": [{\"kind\": \"FLOW\", \"name\": \"f\"}]}");
      hub.await("/api/v1/gateways/m-2", g -> g.at("/reported/artifacts").size() == 2);
      assertThat(second.revisions()).containsExactly(4L, 5L);
      assertThat(first.broken() + second.broken()).isEmpty();
    }
  }

  @Test
  void whatCameByAnotherWayIsListedWhereTheHubKnowsItAndElseTold() throws Exception {
    String password = enrol("x-1", ", \"groups\": [\"x\"]").get("password").asText();
    hub.post(
        "/api/v1/deployments",
        "{\"gateway\": \"x-1\", \"artifacts\": [{\"kind\": \"FLOW\", \"name\": \"f\"}]}");
    JsonNode signed =
        hub.post(
                "/api/v1/deployments",
                "{\"group\": \"x\", \"exactly\": true, \"artifacts\": [{\"kind\": \"FLOW\", \"name\": \"g\"}]}")
            .json();
    String other = enrol("x-2", "").get("password").asText(); // the hub knows of no group
    try (FakeGateway one = FakeGateway.born(hub.mqtt(), "x-1", password);
        FakeGateway two = FakeGateway.born(hub.mqtt(), "x-2", other)) {
      report(two, "x-2", 2, signed.get("artifacts"));
      JsonNode listed =
          hub.await("/api/v1/gateways/x-2/deployment", g -> g.has("desired")).get("desired");
      assertThat(listed.get("revision").asLong()).isEqualTo(2);
      assertThat(listed.get("artifacts")).isEqualTo(signed.get("artifacts"));
      assertThat(listed.get("deliveryMessage").asText()).contains("handed over");
      assertThat(hub.get("/api/v1/gateways/x-2/deployment").json().has("unlisted")).isFalse();

      report(one, "x-1", 9, signed.get("artifacts"));
      JsonNode told = hub.await("/api/v1/gateways/x-1/deployment", g -> g.has("unlisted"));
      assertThat(told.get("unlisted").asLong()).isEqualTo(9);
      assertThat(told.at("/desired/revision").asLong()).isEqualTo(2);
    }
  }

  private static void report(FakeGateway gateway, String id, long revision, JsonNode artifacts)
      throws Exception {
    String json =
        String.format(
            "{\"deployment\": {\"revision\": %d, \"newest\": %d, \"state\": \"ACTIVE\"},"
                + " \"artifacts\": %s}",
            revision, revision, artifacts);
    gateway.publish(
        new KuraTopic.Data(FakeGateway.ACCOUNT, id, "TWIN-V1", "reported").topic(),
        KuraCodec.encodePlain(
            KuraPayload.of(Instant.now(), Map.of(), json.getBytes(StandardCharsets.UTF_8))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'group': 'line-x', 'artifacts': [{'kind': 'FLOW', 'name': 'f'}]}|400|exactly",
        "{'group': 'line-x', 'exactly': true, 'artifacts': [{'kind': 'FLOW', 'name': 'f'}]}|404|has"
            + " no gateways",
        "{'group': 'a b', 'exactly': true}|400|group [a b] must begin",
        "{'group': 'x', 'exactly': true, 'gateway': 'm-1'}|400|must not go with gateway",
        "{'group': 'x', 'exactly': true}|400|artifacts"
      },
      quoteCharacter = '"')
  void whatCannotBeDoneIsSaid(String body, int status, String says) throws Exception {
    Answer answer = hub.post("/api/v1/deployments", body.replace('\'', '"'));
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.json().get("message").asText()).contains(says);
  }
}
