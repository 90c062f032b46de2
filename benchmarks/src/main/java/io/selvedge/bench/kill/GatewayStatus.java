package io.selvedge.bench.kill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.selvedge.bench.kill.Injection.Counters;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;

/** What a gateway says of its uplink by REST: {@code GET /api/status}. */
final class GatewayStatus {

  private static final ObjectMapper JSON = new ObjectMapper();

  private GatewayStatus() {}

  /** Signs in with a one-time code and asks. */
  static Counters read(int port, String code) throws IOException, InterruptedException {
    URI base = URI.create("http://127.0.0.1:" + port);
    String body = JSON.createObjectNode().put("code", code).toString();
    JsonNode session =
        send(
            HttpRequest.newBuilder(base.resolve("/api/sessions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    JsonNode uplink =
        send(HttpRequest.newBuilder(base.resolve("/api/status"))
                .header("Authorization", "Bearer " + session.path("token").asText()))
            .path("uplink");
    Map<String, Long> reasons = new HashMap<>();
    uplink
        .path("dropped")
        .properties()
        .forEach(field -> reasons.put(field.getKey(), field.getValue().asLong()));
    return new Counters(
        uplink.path("accepted").asLong(),
        uplink.path("delivered").asLong(),
        reasons.values().stream().mapToLong(Long::longValue).sum(),
        uplink.path("pending").asLong(),
        reasons);
  }

  private static JsonNode send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException("gateway answered [" + response.statusCode() + "]: " + response.body());
    }
    return JSON.readTree(response.body());
  }
}
