package io.selvedge.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.protocol.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A whole hub on free loopback ports, and a client of its REST. */
public final class TestHub implements AutoCloseable {

  /** An answer of the hub; the JSON is missing where the body is empty. */
  public record Answer(int status, JsonNode json) {}

  private final Path data;
  private final HubOptions options;
  private final HttpClient http = HttpClient.newHttpClient();
  private Hub hub;

  public TestHub(Path data) throws IOException {
    this(HubOptions.embedded(data, 0, 0));
  }

  public TestHub(HubOptions options) throws IOException {
    this.options = options;
    this.data = options.data();
    this.hub = Hub.start(options, Clock.systemUTC());
  }

  /** Stops it and starts it again on the same data. */
  public void restart() throws IOException {
    hub.close();
    hub = Hub.start(options, Clock.systemUTC());
  }

  public String mqtt() {
    return hub.addresses().mqtt();
  }

  public String http() {
    return hub.addresses().http();
  }

  public String token() throws IOException {
    return Files.readString(data.resolve("auth/admin-token")).strip();
  }

  /** As {@code get /path}. */
  public java.util.List<String> routes() {
    return hub.routes();
  }

  public Path data() {
    return data;
  }

  /** Its password. */
  public String enrol(String gateway) throws IOException, InterruptedException {
    return post("/api/v1/gateways", "{\"id\": \"" + gateway + "\"}")
        .json()
        .get("password")
        .asText();
  }

  /** Flows of version 1 in its store. */
  public void register(String... flows) throws IOException, InterruptedException {
    String sha256 = post("/api/v1/files", "{}").json().get("sha256").asText();
    for (String name : flows) {
      post(
          "/api/v1/artifacts",
          String.format(
              "{\"kind\": \"FLOW\", \"name\": \"%s\", \"version\": \"1\", \"files\": [{\"path\":"
                  + " \"flow.json\", \"sha256\": \"%s\"}]}",
              name, sha256));
    }
  }

  public Answer get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build());
  }

  public Answer post(String path, String body) throws IOException, InterruptedException {
    return send(request(path).POST(BodyPublishers.ofString(body)).build());
  }

  public HttpRequest.Builder request(String path) throws IOException {
    return HttpRequest.newBuilder(URI.create(http() + path))
        .header("Authorization", "Bearer " + token())
        .timeout(Duration.ofSeconds(60));
  }

  public Answer send(HttpRequest request) throws IOException, InterruptedException {
    // A connection of its own: a kept one that the server has just closed fails a POST for good.
    HttpResponse<byte[]> response =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), Json.mapper().readTree(response.body()));
  }

  public byte[] bytes(String path) throws IOException, InterruptedException {
    return http.send(request(path).GET().build(), BodyHandlers.ofByteArray()).body();
  }

  /** Asks until the answer is as wanted; the hub stores a moment after the broker has taken it. */
  public JsonNode await(String path, Predicate<JsonNode> wanted)
      throws IOException, InterruptedException, TimeoutException {
    long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    JsonNode last = get(path).json();
    while (!wanted.test(last)) {
      if (System.nanoTime() > until) {
        throw new TimeoutException(path + " stayed " + last);
      }
      Thread.sleep(20);
      last = get(path).json();
    }
    return last;
  }

  @Override
  public void close() {
    hub.close();
  }
}
