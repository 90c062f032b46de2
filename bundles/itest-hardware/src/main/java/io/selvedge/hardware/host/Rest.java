package io.selvedge.hardware.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A gateway's REST, as its console uses it. */
public final class Rest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient client = HttpClient.newHttpClient();
  private final String root;
  private String token = "";

  public Rest(int port) {
    root = "http://127.0.0.1:" + port;
  }

  /** An answer. */
  public record Answer(int status, JsonNode body) {}

  /** Signs in with the one-time code. */
  public void signIn(String code) throws IOException, InterruptedException {
    Answer answer = post("/api/sessions", MAPPER.createObjectNode().put("code", code).toString());
    if (answer.body().path("token").asText().isEmpty()) {
      throw new IOException("gateway did not let us in: " + answer);
    }
    token = answer.body().path("token").asText();
  }

  public Answer get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(root + path)).GET());
  }

  public Answer post(String path, String body) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(root + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<String> response =
        client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
    String text = response.body();
    return new Answer(
        response.statusCode(),
        text.startsWith("{") ? MAPPER.readTree(text) : MAPPER.createObjectNode());
  }
}
