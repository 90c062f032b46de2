package io.selvedge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** JSON over HTTP to a gateway or a hub on this machine. */
final class Api {

  static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final HttpClient http = client();
  private final URI base;
  private String token = "";

  Api(URI base) {
    this.base = base;
  }

  void authorise(String bearer) {
    token = bearer;
  }

  URI base() {
    return base;
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return answer(http, request(path).GET().build());
  }

  JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
    // A connection of its own: a kept one that the server has just closed fails a POST for good.
    return answer(
        client(),
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build());
  }

  /** True where the path answers 200; false on any other status and where nothing listens. */
  boolean ready(String path) throws InterruptedException {
    try {
      HttpResponse<Void> response =
          http.send(request(path).GET().build(), HttpResponse.BodyHandlers.discarding());
      return response.statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT);
    if (!token.isEmpty()) {
      builder.header("Authorization", "Bearer " + token);
    }
    return builder;
  }

  private static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(2))
        .build();
  }

  private static JsonNode answer(HttpClient http, HttpRequest request)
      throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(
          request.method()
              + " "
              + request.uri()
              + " answered ["
              + response.statusCode()
              + "]: "
              + response.body());
    }
    return JSON.readTree(response.body());
  }
}
