package io.selvedge.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.protocol.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A hub as an operator runs it: a process that can be killed and started again. */
final class HubProcess implements AutoCloseable {

  private final Path data;
  private final List<String> command;
  private Process process;

  /** Starts it; it is not ready yet. */
  HubProcess(Path data, String... arguments) throws IOException {
    this(data, 256, arguments);
  }

  /** The same with so many MB of heap. */
  HubProcess(Path data, int heap, String... arguments) throws IOException {
    this.data = data;
    this.command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + heap + "m",
            "-XX:MaxDirectMemorySize=128m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(HubMain.class.getName(), "--data", data.toString()));
    command.addAll(List.of("--http", "127.0.0.1:0"));
    command.addAll(List.of(arguments));
    this.process = start();
  }

  /** Starts one of those that share this broker and this database. */
  static HubProcess sharing(Path data, Debian mosquitto, Debian postgres) throws IOException {
    return new HubProcess(
        data,
        "--share",
        "--name",
        data.getFileName().toString(),
        "--broker",
        "tcp://127.0.0.1:" + mosquitto.port(),
        "--store",
        "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres",
        "--store-user",
        "hub");
  }

  private Process start() throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(
            ProcessBuilder.Redirect.appendTo(
                data.resolveSibling(data.getFileName() + ".out").toFile()))
        .start();
  }

  /** SIGKILL. */
  void kill() throws Exception {
    process.destroyForcibly().waitFor();
    Files.deleteIfExists(data.resolve("run/addresses.json"));
  }

  void restart() throws Exception {
    process = start();
  }

  boolean running() {
    return process.isAlive();
  }

  String said() throws IOException {
    return Files.readString(data.resolveSibling(data.getFileName() + ".out"));
  }

  HubProcess awaitReady() throws Exception {
    Path file = data.resolve("run/addresses.json");
    for (int i = 0; i < 1800 && process.isAlive() && !Files.exists(file); i++) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    if (!Files.exists(file)) {
      throw new TimeoutException("hub is not ready: " + said());
    }
    return this;
  }

  String mqtt() throws IOException {
    return addresses().get("mqtt").asText();
  }

  private JsonNode addresses() throws IOException {
    return Json.mapper().readTree(Files.readAllBytes(data.resolve("run/addresses.json")));
  }

  JsonNode get(String path) throws Exception {
    return send(request(path).GET());
  }

  JsonNode post(String path, String body) throws Exception {
    return send(request(path).POST(BodyPublishers.ofString(body)));
  }

  JsonNode send(String path, byte[] body) throws Exception {
    return send(request(path).POST(BodyPublishers.ofByteArray(body)));
  }

  private HttpRequest.Builder request(String path) throws IOException {
    String token = Files.readString(data.resolve("auth/admin-token")).strip();
    return HttpRequest.newBuilder(URI.create(addresses().get("http").asText() + path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + token);
  }

  private static JsonNode send(HttpRequest.Builder request) throws Exception {
    return Json.mapper()
        .readTree(
            HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofByteArray()).body());
  }

  /** Asks until the answer is as wanted. */
  JsonNode await(String path, Predicate<JsonNode> wanted) throws Exception {
    long until = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    JsonNode last = get(path);
    while (!wanted.test(last)) {
      if (System.nanoTime() > until) {
        throw new TimeoutException(path + " stayed " + last + "\n" + said());
      }
      TimeUnit.MILLISECONDS.sleep(100);
      last = get(path);
    }
    return last;
  }

  /** Waits until so many rows are stored, for as long as they become more; how many there are. */
  JsonNode awaitRows(long wanted) throws Exception {
    String path = "/api/v1/measurements/count";
    JsonNode last = get(path);
    long most = 0;
    long until = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (last.path("rows").asLong() < wanted) { // it may be too busy to say
      if (System.nanoTime() > until) {
        throw new TimeoutException("of " + wanted + " rows it has " + last + "\n" + said());
      }
      TimeUnit.MILLISECONDS.sleep(100);
      last = get(path);
      if (last.path("rows").asLong() > most) {
        most = last.path("rows").asLong();
        until = System.nanoTime() + Duration.ofMinutes(2).toNanos();
      }
    }
    return last;
  }

  /** Waits until its log has a text. */
  void awaitLogged(String text) throws Exception {
    Path log = data.resolve("log/hub.log");
    long until = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!Files.readString(log).contains(text)) {
      if (System.nanoTime() > until) {
        throw new TimeoutException("[" + text + "] is not in " + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
