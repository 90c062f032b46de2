package io.selvedge.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A gateway's REST and web console, signed in. */
public final class GatewayRest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;
  private final String token;

  /** Signs in with a one-time code that the gateway's own command gives. */
  public GatewayRest(Path command, Path instance, int port)
      throws IOException, InterruptedException {
    base = URI.create("http://127.0.0.1:" + port);
    String code = code(command, instance);
    String body = JSON.createObjectNode().put("code", code).toString();
    token =
        send(HttpRequest.newBuilder(base.resolve("/api/sessions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)))
            .path("token")
            .asText();
  }

  /** A one-time code that the gateway's own command gives. */
  public static String code(Path command, Path instance) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command.toString(), "sign-in", "--instance", instance.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String code;
    try (InputStream in = process.getInputStream()) {
      code = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
    if (process.waitFor() != 0) {
      throw new IOException("selvedge sign-in ended with [" + process.exitValue() + "]");
    }
    return code;
  }

  /** Asks for JSON. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    return send(signed(path));
  }

  /** Sends JSON. */
  public JsonNode post(String path, String json) throws IOException, InterruptedException {
    return send(
        signed(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  /**
   * Uploads a bundle as the web console's form does, to be installed or updated and started, with
   * packages refreshed: else the framework keeps the old one of a bundle that exports some.
   */
  public void uploadBundle(String fileName, byte[] jar) throws IOException, InterruptedException {
    String boundary = "bench-" + Long.toHexString(System.nanoTime());
    String head =
        field(boundary, "action", "install")
            + field(boundary, "bundlestart", "start")
            + field(boundary, "bundlestartlevel", "4")
            + field(boundary, "refreshPackages", "true")
            + "--"
            + boundary
            + "\r\nContent-Disposition: form-data; name=\"bundlefile\"; filename=\""
            + fileName
            + "\"\r\nContent-Type: application/java-archive\r\n\r\n";
    HttpResponse<String> response =
        http.send(
            signed("/system/console/bundles")
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(
                    HttpRequest.BodyPublishers.concat(
                        HttpRequest.BodyPublishers.ofString(head),
                        HttpRequest.BodyPublishers.ofByteArray(jar),
                        HttpRequest.BodyPublishers.ofString("\r\n--" + boundary + "--\r\n")))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 > 3) {
      throw new IOException(
          "the web console answered [" + response.statusCode() + "]: " + response.body());
    }
  }

  private static String field(String boundary, String name, String value) {
    return "--"
        + boundary
        + "\r\nContent-Disposition: form-data; name=\""
        + name
        + "\"\r\n\r\n"
        + value
        + "\r\n";
  }

  private HttpRequest.Builder signed(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + token);
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException("gateway answered [" + response.statusCode() + "]: " + response.body());
    }
    return JSON.readTree(response.body());
  }
}
