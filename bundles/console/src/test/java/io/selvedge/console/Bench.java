package io.selvedge.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.selvedge.console.auth.Auth;
import io.selvedge.console.auth.ConsoleSettings;
import io.selvedge.console.http.Answer;
import io.selvedge.console.http.Call;
import io.selvedge.console.http.Forms;
import io.selvedge.console.http.Router;
import io.selvedge.console.rest.History;
import io.selvedge.console.service.Gateway;
import io.selvedge.testkit.FakeClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** All routes with fakes behind them, called without a web server. */
public final class Bench {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  public final FakeClock clock = new FakeClock(Instant.parse("2026-03-01T08:00:00Z"));
  public final FakeServices services = new FakeServices(clock);
  public final History history = new History();
  public final Path data;
  public final Auth auth;
  public final Router router;
  private String token = "";

  public Bench(Path data) throws IOException {
    this.data = data;
    Gateway gateway = new Gateway("gw-1", "acme", "0.1.0", data);
    auth =
        new Auth(
            gateway, services, ConsoleSettings.parse("gw-1.example, other.example", "12"), clock);
    router = ConsoleServlet.router(gateway, auth, services, history, clock);
  }

  /** The code that is good now. */
  public String code() throws IOException {
    return Files.readString(data.resolve("auth/sign-in")).strip();
  }

  /** From now on calls carry the token of a session. */
  public Bench signedIn() throws Exception {
    token = json(post("/api/sessions", "{\"code\": \"" + code() + "\"}")).path("token").asText();
    return this;
  }

  public Answer get(String path) throws Exception {
    return call("GET", path, Map.of(), "");
  }

  public Answer post(String path, String body) throws Exception {
    return call("POST", path, Map.of("content-type", "application/json"), body);
  }

  /** The headers are added to a host and, where signed in, to the token. */
  public Answer call(String method, String path, Map<String, String> headers, String body)
      throws Exception {
    Map<String, String> all = new HashMap<>(Map.of("host", "localhost:8080"));
    if (!token.isEmpty()) {
      all.put("authorization", "Bearer " + token);
    }
    all.putAll(headers);
    String[] parts = path.split("\\?", 2);
    return router.handle(
        new Call(
            method,
            parts[0],
            parts.length == 2 ? Forms.parse(parts[1]) : Map.of(),
            all,
            "192.0.2.7",
            false,
            () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))));
  }

  public static JsonNode json(Answer answer) throws IOException {
    return MAPPER.readTree(answer.body());
  }

  public static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  /** The status and the code of a refusal: {@code 404 device.unknown}. */
  public static String refusal(Answer answer) throws IOException {
    return answer.status() + " " + json(answer).path("code").asText();
  }
}
