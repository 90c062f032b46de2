package io.selvedge.bench.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.bench.Children;
import io.selvedge.bench.UsageException;
import io.selvedge.bench.Waiting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A hub as it is shipped, in a process of its own, with its broker and its store, on loopback. */
public final class FleetHub implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration STOP = Duration.ofSeconds(30);

  /** What is to be deployed. */
  record Named(String kind, String name, String version) {

    static final Named FLOW = new Named("FLOW", "line", "1");

    static Named model(String version) {
      return new Named("MODEL", LineModel.NAME, version);
    }
  }

  private final Process process;
  private final Thread end;
  private final URI http;
  private final String token;

  /** Starts one that keeps its data in {@code work/hub}. */
  public FleetHub(Path source, Path work) throws IOException, InterruptedException {
    Path shipped = source.resolve("distribution/hub/target/selvedge-hub");
    if (!Files.isDirectory(shipped)) {
      throw new UsageException("hub [" + shipped + "] is not built; run ./selvedge build");
    }
    Path data = work.resolve("hub");
    Path output = work.resolve("hub.out");
    ProcessBuilder builder =
        new ProcessBuilder(
                shipped.resolve("bin/hub").toString(),
                "--data",
                data.toString(),
                "--http",
                "127.0.0.1:0",
                "--mqtt",
                "127.0.0.1:0")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    process = builder.start();
    end = Children.endWithUs(process);
    Path addresses = data.resolve("run/addresses.json");
    try {
      Waiting.until(
          START,
          "hub ready",
          () -> {
            if (!process.isAlive()) {
              throw new IOException("hub ended by itself: " + Files.readString(output));
            }
            return Files.exists(addresses);
          });
    } catch (IOException | InterruptedException e) {
      close();
      throw e;
    }
    http = URI.create(JSON.readTree(addresses.toFile()).path("http").asText());
    token = Files.readString(data.resolve("auth/admin-token")).strip();
  }

  /** Where its pages are. */
  public URI http() {
    return http;
  }

  /** The administrator's. */
  public String token() {
    return token;
  }

  /** Asks for JSON. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  /** Sends JSON. */
  public JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
    return send(request(path).POST(BodyPublishers.ofString(body.toString())));
  }

  JsonNode put(String path, JsonNode body) throws IOException, InterruptedException {
    return send(request(path).PUT(BodyPublishers.ofString(body.toString())));
  }

  /** An empty object. */
  public static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** Makes a gateway one of this hub's, in its configuration. */
  public void enrol(String id, Path conf) throws IOException, InterruptedException {
    JsonNode enrolled = post("/api/v1/gateways", object().put("id", id));
    Files.createDirectories(conf.resolve("trust"));
    Files.writeString(conf.resolve("trust/hub.pub"), enrolled.path("publicKey").asText() + "\n");
    Files.writeString(
        conf.resolve("io.selvedge.mqtt.cfg"),
        String.join(
            "\n",
            "broker=" + enrolled.path("broker").asText(),
            "user=" + id,
            ".password=" + enrolled.path("password").asText(),
            ""));
  }

  /** A rollout to everybody, on trial; its groups are to be added. */
  static ObjectNode everybody(String trial) throws IOException {
    ObjectNode rest = object();
    rest.putObject("fleet");
    rest.set("trial", JSON.readTree(trial));
    return rest;
  }

  /** The same, to one and then to all. */
  static ObjectNode canaryFirst(String trial) throws IOException {
    ObjectNode rest = everybody(trial);
    rest.withArray("/groups").addObject().put("name", "canary").put("count", 1);
    rest.withArray("/groups").addObject().put("name", "all").put("rest", true);
    return rest;
  }

  /** An artifact that was made elsewhere. */
  public void register(String kind, String name, String version, Map<String, byte[]> files)
      throws IOException, InterruptedException {
    ObjectNode body = object().put("kind", kind).put("name", name).put("version", version);
    ArrayNode list = body.putArray("files");
    for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
      BodyPublisher bytes = BodyPublishers.ofByteArray(file.getValue());
      String sha256 = send(request("/api/v1/files").POST(bytes)).path("sha256").asText();
      list.addObject().put("path", file.getKey()).put("sha256", sha256);
    }
    JsonNode unused = post("/api/v1/artifacts", body);
  }

  /** Asks for a rollout of the newest versions; its id. */
  long rollout(String name, List<Named> artifacts, ObjectNode rest)
      throws IOException, InterruptedException {
    ObjectNode body = rest.deepCopy().put("name", name).put("by", "bench");
    ArrayNode list = body.putArray("artifacts");
    for (Named one : artifacts) {
      list.addObject()
          .put("kind", one.kind())
          .put("name", one.name())
          .put("version", one.version());
    }
    return post("/api/v1/rollouts", body).path("id").asLong();
  }

  /** Waits until it has ended or is paused; as it stands then. */
  JsonNode ended(long id, Duration patience) throws IOException, InterruptedException {
    JsonNode[] last = {object()};
    boolean unused =
        Waiting.patiently(
            patience,
            () -> {
              Thread.sleep(300);
              last[0] = get("/api/v1/rollouts/" + id);
              return last[0].path("state").asText().matches("FINISHED|PAUSED|STOPPED");
            });
    return last[0];
  }

  /** Ends one that is paused, and waits for it. */
  void abort(long id, Duration patience) throws IOException, InterruptedException {
    post("/api/v1/rollouts/" + id + "/abort", object().put("by", "bench"));
    JsonNode unused = ended(id, patience);
  }

  /** How many gateways report that this version of the model is live. */
  int running(String version) throws IOException, InterruptedException {
    int running = 0;
    for (JsonNode gateway : get("/api/v1/gateways").path("gateways")) {
      for (JsonNode artifact : gateway.at("/reported/artifacts")) {
        boolean it =
            artifact.path("kind").asText().equals("MODEL")
                && artifact.path("version").asText().equals(version);
        running += it ? 1 : 0;
      }
    }
    return running;
  }

  /** Its gateways. */
  JsonNode targets(long id) throws IOException, InterruptedException {
    return get("/api/v1/rollouts/" + id + "/gateways").path("gateways");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(http.resolve(path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + token);
  }

  private static JsonNode send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .build()
            .send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(
          "hub answered ["
              + response.statusCode()
              + "] to ["
              + response.uri()
              + "]: "
              + response.body());
    }
    return JSON.readTree(response.body());
  }

  @Override
  public void close() {
    Children.end(process, end, STOP);
  }
}
