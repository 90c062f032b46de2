package io.selvedge.hub;

import static io.selvedge.hub.FakeGateway.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.hub.TestHub.Answer;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.SignedEnvelope;
import io.selvedge.protocol.deployment.Target;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.KuraTopic;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From stored rows to a model, and from the model to a gateway. Only the training itself is fake.
 */
class LearningTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private static TestHub hub;
  private static int gateways;
  private FakeGateway gateway;
  private String id;
  private String deploy;
  private PublicKey key;

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    hub = new TestHub(FakeTraining.in(HubOptions.embedded(data, 0, 0)));
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  @BeforeEach
  void connect() throws Exception {
    id = "gw-" + ++gateways; // each test has a gateway and models of its own
    deploy =
        "{\"gateway\": \"" + id + "\", \"artifacts\": [{\"kind\": \"MODEL\", \"name\": \"%s\"}]}";
    JsonNode enrolled = hub.post("/api/v1/gateways", "{\"id\": \"" + id + "\"}").json();
    key = Keys.publicKey(enrolled.get("publicKey").asText());
    gateway = FakeGateway.born(hub.mqtt(), id, enrolled.get("password").asText());
    for (int i = 0; i < 3; i++) {
      gateway.send(row("hall", NOON.plusSeconds(i), 20 + i), "box", i);
    }
    hub.await("/api/v1/measurements/count?gateway=" + id, c -> c.get("rows").asInt() == 3);
  }

  @AfterEach
  void disconnect() throws Exception {
    gateway.close();
  }

  private String job(String model) {
    return """
        {"model": "%s", "gateway": "%s",
         "inputs": {"t": "hall/temperature"}, "label": "hall/door",
         "outputs": ["shut", "open"],
         "features": [{"name": "t", "of": "t", "op": "last"}],
         "from": "2026-01-31T12:00:01Z", "network": "logistic", "epochs": 5}"""
        .formatted(model, id);
  }

  private JsonNode train(String model) throws Exception {
    Answer asked = hub.post("/train", job(model));
    assertThat(asked.status()).isEqualTo(202);
    assertThat(asked.json().get("state").asText()).isEqualTo("QUEUED");
    return hub.await(
        "/api/v1/trainings/" + asked.json().get("id").asLong(),
        t -> t.get("state").asText().matches("DONE|FAILED"));
  }

  @Test
  void aRunMakesAVersionWithItsLineage() throws Exception {
    train("lineage");
    JsonNode run = train("lineage");

    assertThat(run.get("state").asText()).isEqualTo("DONE");
    assertThat(run.at("/model/version").asText()).isEqualTo("2");
    assertThat(run.at("/metrics/omp").asText()).isEqualTo("1");
    String csv = run.at("/metrics/csv").asText();
    assertThat(csv.lines())
        .hasSize(5)
        .startsWith("time_ms,input,value")
        .contains("1769860801000,t,21.0", "1769860802000,label,1.0")
        .doesNotContain("1769860800000,t,20.0"); // before from
    JsonNode model = hub.get("/api/v1/models/lineage/2").json();
    assertThat(model.at("/lineage/parent").asText()).isEqualTo("1");
    assertThat(model.at("/lineage/run").asLong()).isEqualTo(run.get("id").asLong());
    assertThat(model.at("/lineage/dataset/values").asInt()).isEqualTo(4);
    assertThat(model.at("/lineage/dataset/sha256").asText())
        .isEqualTo(sha256(csv.getBytes(StandardCharsets.UTF_8)));
    assertThat(model.at("/metrics/balancedAccuracy").asDouble()).isEqualTo(0.93);
    JsonNode file = model.at("/files/1");
    assertThat(file.get("path").asText()).isEqualTo("model.onnx");
    byte[] bytes = hub.bytes("/api/v1/models/lineage/2/files/model.onnx");
    assertThat(sha256(bytes)).isEqualTo(file.get("sha256").asText());
    assertThat(hub.get("/api/v1/models?name=lineage").json().at("/models/0/version").asText())
        .isEqualTo("2");
  }

  @Test
  void aRunThatIsRefusedOrCrashesSaysWhyAndStopsNothing() throws Exception {
    JsonNode refused = train("refused");
    assertThat(refused.get("state").asText()).isEqualTo("FAILED");
    assertThat(refused.get("code").asText()).isEqualTo("training.too_few_rows");
    assertThat(refused.get("message").asText()).isEqualTo("[3] rows must be at least 100");

    assertThat(train("crashing").get("code").asText()).isEqualTo("training.crashed");
    assertThat(train("occupancy").get("state").asText()).isEqualTo("DONE");
  }

  @Test
  void aJobThatCannotWorkIsRefusedAtOnce() throws Exception {
    Answer channel = hub.post("/train", job("m").replace("hall/door", "hall/window"));
    assertThat(channel.status()).isEqualTo(400);
    assertThat(channel.json().get("code").asText()).isEqualTo("training.unknown_channel");
    assertThat(hub.post("/train", job("m").replace(id, "nobody")).status()).isEqualTo(404);
    assertThat(hub.post("/train", job("Not a name")).status()).isEqualTo(400);
    assertThat(hub.post("/train", job("m").replace("\"op\": \"last\"", "\"op\": \"sum\"")).status())
        .isEqualTo(400);
    assertThat(hub.post("/train", job("m").replace("\"t\": \"hall", "\"label\": \"hall")).status())
        .isEqualTo(400);
    assertThat(hub.get("/api/v1/trainings/99").status()).isEqualTo(404);
  }

  @Test
  void aDeploymentIsSignedSentAndFetchedBlockByBlock() throws Exception {
    train("occupancy");
    Answer asked =
        hub.post("/api/v1/deployments", deploy.formatted("occupancy\", \"version\": \"1"));
    assertThat(asked.status()).isEqualTo(201);
    assertThat(asked.json().get("revision").asLong()).isEqualTo(1);

    FakeGateway.Heard put = hearPut();
    DeploymentDocument document = verified(put.payload().body());
    assertThat(document.target()).isEqualTo(Target.gateway(id));
    assertThat(document.revision()).isEqualTo(1);
    assertThat(document.artifacts().get(0).files()).hasSize(2);
    document
        .artifacts()
        .get(0)
        .files()
        .forEach(file -> assertThat(sha256(fetch(file.sha256()))).isEqualTo(file.sha256()));

    Calls.Correlation asker = Calls.correlation(put.payload()).orElseThrow();
    gateway.publish(
        new KuraTopic.Answer("selvedge", "HUB", "TWIN-V1", asker.requestId()).topic(),
        Calls.payload(Reply.ok(), Instant.now()));
    hub.await(
        "/api/v1/gateways/" + id + "/deployment",
        d -> d.at("/desired/delivery").asText().equals("TAKEN"));
  }

  @Test
  void aGatewayAsksForItsDeployment() throws Exception {
    Request get = new Request(Method.GET, "desired", Map.of(), new byte[0]);
    assertThat(gateway.ask("TWIN-V1", get).code()).isEqualTo(404);

    train("occupancy");
    train("other");
    hub.post("/api/v1/deployments", deploy.formatted("occupancy"));
    hub.post("/api/v1/deployments", deploy.formatted("other"));

    DeploymentDocument both = verified(gateway.ask("TWIN-V1", get).body());
    assertThat(both.revision()).isEqualTo(2);
    assertThat(both.artifacts()).extracting(a -> a.name()).containsExactly("occupancy", "other");

    hub.post("/api/v1/deployments", deploy.replace("artifacts", "remove").formatted("occupancy"));
    DeploymentDocument less = verified(gateway.ask("TWIN-V1", get).body());
    assertThat(less.revision()).isEqualTo(3);
    assertThat(less.artifacts()).extracting(a -> a.name()).containsExactly("other");
  }

  @Test
  void aWrongBlockRequestIsRefused() throws Exception {
    String unknown = "0".repeat(64);
    assertThat(block(unknown, 0, 10).code()).isEqualTo(404);
    assertThat(block("../../auth/admin-token", 0, 10).code()).isEqualTo(404);
    assertThat(block(unknown, -1, 10).code()).isEqualTo(400);
    assertThat(block(unknown, 0, 65_537).code()).isEqualTo(400);
    assertThat(gateway.ask("OTHER-V1", new Request(Method.GET, "x", Map.of(), new byte[0])).code())
        .isEqualTo(404);
  }

  @Test
  void whatIsNotInTheRegistryIsNotDeployed() throws Exception {
    Answer unknown = hub.post("/api/v1/deployments", deploy.formatted("nothing"));
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().get("code").asText()).isEqualTo("artifact.unknown");
    assertThat(hub.post("/api/v1/deployments", "{\"gateway\": \"" + id + "\"}").status())
        .isEqualTo(400);
    assertThat(hub.post("/api/v1/deployments", "{\"gateway\": \"gw-9\"}").status()).isEqualTo(404);
  }

  private FakeGateway.Heard hearPut() throws Exception {
    while (true) {
      FakeGateway.Heard heard = gateway.hear();
      if (heard.topic().equals("$EDC/selvedge/" + id + "/TWIN-V1/PUT/desired")) {
        return heard;
      }
    }
  }

  private DeploymentDocument verified(byte[] envelope) throws DeploymentException {
    assertThatThrownBy(
            () ->
                DeploymentDocument.verify(
                    SignedEnvelope.parse(envelope), List.of(Keys.generate().getPublic())))
        .isInstanceOf(DeploymentException.class);
    return DeploymentDocument.verify(SignedEnvelope.parse(envelope), List.of(key));
  }

  private Reply block(String sha256, long offset, long length) throws Exception {
    return gateway.ask(
        "ARTIFACT-V1",
        new Request(
            Method.GET,
            sha256,
            Map.of("offset", Value.of(offset), "length", Value.of(length)),
            new byte[0]));
  }

  private byte[] fetch(String sha256) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      long size = 1;
      while (file.size() < size) {
        Reply reply = block(sha256, file.size(), 65_536);
        size = (long) Objects.requireNonNull(reply.metrics().get("size")).number().orElseThrow();
        file.writeBytes(reply.body());
      }
      return file.toByteArray();
    } catch (Exception e) {
      throw new AssertionError("file [" + sha256 + "] could not be fetched", e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
