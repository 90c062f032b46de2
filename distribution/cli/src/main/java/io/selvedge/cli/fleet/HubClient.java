package io.selvedge.cli.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Asks a hub; every failure is a {@link HubException} that says what to do. */
final class HubClient {

  static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final URI hub;
  private final String token;

  HubClient(URI hub, String token) {
    this.hub = hub;
    this.token = token;
  }

  JsonNode get(String path) throws InterruptedException {
    return get(path, TIMEOUT);
  }

  /**
   * The same, where there is less time than usual.
   *
   * @param most a second at least is given in any case
   */
  JsonNode get(String path, Duration most) throws InterruptedException {
    Duration time = most.compareTo(TIMEOUT) < 0 ? most : TIMEOUT;
    return send(request(path).timeout(time.compareTo(LEAST) < 0 ? LEAST : time).GET());
  }

  JsonNode post(String path, JsonNode body) throws InterruptedException {
    return post(path, BodyPublishers.ofString(body.toString()), "application/json");
  }

  JsonNode post(String path, Path file) throws IOException, InterruptedException {
    return post(path, BodyPublishers.ofFile(file), "application/octet-stream");
  }

  private JsonNode post(String path, BodyPublisher body, String type) throws InterruptedException {
    return send(request(path).header("Content-Type", type).POST(body));
  }

  JsonNode put(String path, JsonNode body) throws InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body.toString())));
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(hub.resolve(path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + token);
  }

  private JsonNode send(HttpRequest.Builder request) throws InterruptedException {
    HttpResponse<String> response;
    try {
      // A client of its own: a kept connection that the hub has just closed fails a POST for good.
      response =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(CONNECT)
              .build()
              .send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new HubException(
          ExitCodes.UNREACHABLE,
          true,
          "hub ["
              + hub
              + "] does not answer ("
              + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
              + "); is it running, and is --hub right?");
    }
    if (response.statusCode() / 100 == 2) {
      return tree(response.body());
    }
    if (response.statusCode() >= 500) {
      boolean away = response.statusCode() >= 502 && response.statusCode() <= 504;
      throw new HubException(
          away ? ExitCodes.UNREACHABLE : ExitCodes.FAILED, // what stands before it cannot reach it
          true,
          "hub [" + hub + "] answers [" + response.statusCode() + "]; its log says why");
    }
    JsonNode error = tree(response.body());
    String message = error.path("code").asText() + ": " + error.path("message").asText();
    throw new HubException(
        switch (response.statusCode()) {
          case 401, 403 -> ExitCodes.UNREACHABLE;
          case 400 -> ExitCodes.USAGE;
          default -> ExitCodes.FAILED;
        },
        message);
  }

  private JsonNode tree(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new HubException(
          ExitCodes.UNREACHABLE, "what answers at [" + hub + "] is no hub: it sends no JSON");
    }
  }
}
