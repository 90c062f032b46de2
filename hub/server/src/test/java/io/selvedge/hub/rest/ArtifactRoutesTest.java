package io.selvedge.hub.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.hub.TestHub;
import io.selvedge.hub.TestHub.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactRoutesTest {

  private static TestHub hub;

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    hub = new TestHub(data);
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  private static String sent(byte[] bytes) throws Exception {
    Answer answer =
        hub.send(hub.request("/api/v1/files").POST(BodyPublishers.ofByteArray(bytes)).build());
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json().get("size").asLong()).isEqualTo(bytes.length);
    return answer.json().get("sha256").asText();
  }

  private static Answer register(String kind, String version, String files) throws Exception {
    return hub.post(
        "/api/v1/artifacts",
        String.format(
            "{\"kind\": \"%s\", \"name\": \"mine\", \"version\": \"%s\", \"files\": [%s]}",
            kind, version, files));
  }

  private static String file(String path, String sha256) {
    return String.format("{\"path\": \"%s\", \"sha256\": \"%s\"}", path, sha256);
  }

  @Test
  void whatWasMadeElsewhereIsRegisteredOnceAndForAll() throws Exception {
    byte[] large = new byte[3_000_000]; // above the limit of other requests
    large[7] = 1;
    String onnx = sent(large);
    String manifest = sent("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    String files = file("model.json", manifest) + "," + file("model.onnx", onnx);
    Answer made = register("MODEL", "1", files);
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().at("/files/1/size").asLong()).isEqualTo(large.length);
    assertThat(register("MODEL", "1", files).status()).isEqualTo(200);
    Answer other =
        register("MODEL", "1", file("model.json", onnx) + "," + file("model.onnx", onnx));
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.json().get("code").asText()).isEqualTo("artifact.exists");
    assertThat(hub.get("/api/v1/artifacts?name=mine").json().get("artifacts")).hasSize(1);
    assertThat(hub.get("/api/v1/models/mine/1").status()).isEqualTo(200);
    assertThat(hub.bytes("/api/v1/models/mine/1/files/model.onnx")).isEqualTo(large);
  }

  @Test
  void namesAndVersionsMayBeAsLongAsTheRuleSays() throws Exception {
    String version = "v".repeat(64);
    assertThat(register("FLOW", version, file("flow.json", sent(new byte[] {2}))).status())
        .isEqualTo(201);
    assertThat(hub.get("/api/v1/artifacts?kind=FLOW").json().at("/artifacts/0/version").asText())
        .isEqualTo(version);
  }

  @Test
  void whatCannotBeDeployedIsRefusedWithTheReason() throws Exception {
    String some = sent(new byte[] {1});
    Answer incomplete = register("MODEL", "2", file("model.onnx", some));
    assertThat(incomplete.status()).isEqualTo(400);
    assertThat(incomplete.json().get("message").asText())
        .isEqualTo("files [model.onnx] of a MODEL must have [model.json, model.onnx]");
    Answer unknown = register("BUNDLE", "2", file("bundle.jar", "0".repeat(64)));
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().get("code").asText()).isEqualTo("artifact.unknown_file");
    assertThat(register("TOY", "2", file("x", some)).status()).isEqualTo(400);
    assertThat(register("FLOW", "../2", file("flow.json", some)).status()).isEqualTo(400);
    assertThat(register("FLOW", "2", file("../flow.json", some)).status()).isEqualTo(400);
    assertThat(hub.get("/api/v1/artifacts?kind=TOY").status()).isEqualTo(400);
  }
}
