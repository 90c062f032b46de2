package io.selvedge.hub.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.hub.TestHub;
import io.selvedge.hub.TestHub.Answer;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestTest {

  private static TestHub hub;

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    hub = new TestHub(data);
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  @Test
  void everythingButHealthAndDescriptionNeedsTheToken() throws Exception {
    for (String path : new String[] {"/api/v1/gateways", "/api/v1/models", "/nothing"}) {
      HttpRequest bare = HttpRequest.newBuilder(URI.create(hub.http() + path)).build();
      assertThat(hub.send(bare).status()).isEqualTo(401);
      HttpRequest wrong =
          HttpRequest.newBuilder(URI.create(hub.http() + path))
              .header("Authorization", "Bearer " + hub.token() + "x")
              .build();
      Answer answer = hub.send(wrong);
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.json().get("code").asText()).isEqualTo("request.unauthorised");
    }
    for (String path : new String[] {"/health/ready", "/openapi.json"}) {
      HttpRequest bare = HttpRequest.newBuilder(URI.create(hub.http() + path)).build();
      assertThat(hub.send(bare).status()).isEqualTo(200);
    }
  }

  @Test
  void theTokenIsForItsOwnerOnly() throws Exception {
    Path token = hub.data().resolve("auth/admin-token");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
        .isEqualTo("rw-------");
    Path key = hub.data().resolve("keys/deployment.key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
  }

  @Test
  void aPageOfAnotherOriginOrHostIsRefused() throws Exception {
    HttpRequest page =
        hub.request("/api/v1/gateways").header("Origin", "http://evil.example").build();
    assertThat(hub.send(page).json().get("code").asText()).isEqualTo("request.wrong_origin");
    assertThat(raw("GET /health/ready HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 403")
        .contains("request.wrong_host");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\": \"\"}",
        "{\"id\": \"a/b\"}",
        "{\"id\": \"a+\"}",
        "{\"id\": \"#\"}",
        "{\"id\": \"HUB\"}",
        "{\"id\": \"hub\"}",
        "{\"id\": \"$EDC\"}",
        "{\"id\": \".\"}",
        "{\"id\": 5}",
        "{}",
        "[]",
        "",
        "{\"id\": "
      })
  void aWrongEnrolmentIsRefusedWithTheReason(String body) throws Exception {
    Answer answer = hub.post("/api/v1/gateways", body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("code").asText()).isEqualTo("request.invalid");
    assertThat(answer.json().get("message").asText()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/measurements?from=yesterday",
        "/api/v1/measurements?limit=0",
        "/api/v1/measurements?limit=10001",
        "/api/v1/measurements?limit=many",
        "/api/v1/measurements?after=5",
        "/api/v1/decisions?after=x",
        "/api/v1/decisions/count?to=2026-01-31"
      })
  void aWrongParameterIsRefusedWithTheReason(String path) throws Exception {
    Answer answer = hub.get(path);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("message").asText()).contains("[").contains("must");
  }

  @Test
  void anythingElseIsAnsweredAsJsonToo() throws Exception {
    assertThat(hub.get("/api/v1/nothing").json().get("code").asText())
        .isEqualTo("request.unknown_path");
    assertThat(hub.get("/api/v1/gateways/nobody").json().get("code").asText())
        .isEqualTo("gateway.unknown");
    assertThat(hub.get("/api/v1/models/a/1").json().get("code").asText())
        .isEqualTo("model.unknown");
    HttpRequest put =
        hub.request("/api/v1/gateways").PUT(HttpRequest.BodyPublishers.noBody()).build();
    assertThat(hub.send(put).json().get("code").asText()).isEqualTo("request.wrong_method");
    Answer large = hub.post("/api/v1/gateways", "{\"id\": \"" + "x".repeat(2_000_000) + "\"}");
    assertThat(large.status()).isEqualTo(413);
    assertThat(large.json().get("code").asText()).isEqualTo("request.too_large");
  }

  @Test
  void anEnrolledGatewayIsShownWithoutItsPassword() throws Exception {
    String password = hub.enrol("gw-7");
    JsonNode one = hub.get("/api/v1/gateways/gw-7").json();
    assertThat(one.get("state").asText()).isEqualTo("NEW");
    assertThat(one.toString()).doesNotContain(password).doesNotContain("pbkdf2");
    assertThat(hub.get("/api/v1/gateways?limit=1").json().get("next").asText()).isEqualTo("gw-7");

    HttpRequest delete = hub.request("/api/v1/gateways/gw-7").DELETE().build();
    assertThat(hub.send(delete).status()).isEqualTo(204);
    assertThat(hub.send(delete).status()).isEqualTo(404);
  }

  @Test
  void theDescriptionNamesEveryRouteAndNoOther() throws Exception {
    Set<String> described = new TreeSet<>();
    hub.get("/openapi.json")
        .json()
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(method -> described.add(method + " " + path.getKey())));
    Set<String> served = new TreeSet<>(hub.routes());
    assertThat(described).isEqualTo(served);
  }

  @Test
  void theDescriptionRefersOnlyToWhatItHolds() throws Exception {
    JsonNode api = hub.get("/openapi.json").json();
    for (JsonNode reference : api.findValues("$ref")) {
      String pointer = reference.asText().substring(1);
      assertThat(api.at(pointer).isMissingNode()).as(pointer).isFalse();
    }
  }

  private static String raw(String request) throws Exception {
    URI uri = URI.create(hub.http());
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
