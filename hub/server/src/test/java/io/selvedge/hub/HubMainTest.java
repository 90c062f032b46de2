package io.selvedge.hub;

import static io.selvedge.hub.FakeGateway.row;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hub as an operator runs it: a process. */
class HubMainTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir static Path folder;

  private static Process run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
    command.add(HubMain.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("out").toFile())
        .start();
  }

  private static String said(Process process, int status) throws Exception {
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(status);
    return Files.readString(folder.resolve("out"));
  }

  @Test
  void wrongUseIsToldWithTheRemedy() throws Exception {
    assertThat(said(run("--help"), 0)).contains("--data", "--broker", "admin-token", "Exit status");
    assertThat(said(run("--http", "8090"), 2)).contains("[8090]", "HOST:PORT");
    assertThat(said(run("--share"), 2)).contains("--broker URL", "--store URL");
    assertThat(said(run("--keep-days", "everything=3"), 2))
        .contains("[everything=3]", "dead-letters", "measurements=365");
    assertThat(said(run("--keep-days", "events=0"), 2)).contains("[0]", "events", "from 1");
    assertThat(said(run("--data", folder.resolve("a").toString(), "--mqtt", "0.0.0.0:0"), 1))
        .contains("0.0.0.0", "--tls", "--without-tls");
    assertThat(folder.resolve("a")).doesNotExist();
    assertThat(
            said(
                run(
                    "--data",
                    folder.resolve("b").toString(),
                    "--store",
                    "jdbc:nothing:x?password=y"),
                1))
        .contains("The hub did not start", "[jdbc:nothing:x]", "--store")
        .doesNotContain("password=y", "\tat ");
  }

  @Test
  void nothingThatWasTakenIsLostWhenTheProcessIsKilled() throws Exception {
    Path data = folder.resolve("data");
    String[] arguments = {
      "--data", data.toString(), "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"
    };
    Process first = run(arguments);
    JsonNode addresses = ready(first, data);
    assertThat(addresses.get("pid").asLong()).isEqualTo(first.pid());
    String password =
        ask(data, addresses, "/api/v1/gateways", "{\"id\": \"gw-1\"}").get("password").asText();
    FakeGateway gateway = FakeGateway.born(addresses.get("mqtt").asText(), "gw-1", password);
    for (int i = 0; i < 50; i++) {
      gateway.send(row("hall", NOON.plusSeconds(i), i), "box", i);
    }
    first.destroyForcibly().waitFor(); // SIGKILL, while the last rows are between broker and store
    gateway.close();
    Files.delete(data.resolve("run/addresses.json"));

    Process second = run(arguments);
    JsonNode again = ready(second, data);
    long rows = 0;
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (rows < 50 && System.nanoTime() < end) {
      rows = ask(data, again, "/api/v1/measurements/count", "").get("rows").asLong();
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertThat(rows).isEqualTo(50);

    second.destroy(); // SIGTERM
    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(data.resolve("run/addresses.json")).doesNotExist();
    assertThat(Files.readString(folder.resolve("out")))
        .contains("Hub is ready")
        .doesNotContain("WARN");
    assertThat(Files.readString(data.resolve("log/hub.log"))).contains("gw-1 enrolled");
  }

  private static JsonNode ready(Process process, Path data) throws Exception {
    Path file = data.resolve("run/addresses.json");
    for (int i = 0; i < 1200 && process.isAlive() && !Files.exists(file); i++) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertThat(file).as(Files.readString(folder.resolve("out"))).exists();
    return Json.mapper().readTree(Files.readAllBytes(file));
  }

  private static JsonNode ask(Path data, JsonNode addresses, String path, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(addresses.get("http").asText() + path))
            .header(
                "Authorization",
                "Bearer " + Files.readString(data.resolve("auth/admin-token")).strip());
    if (!body.isEmpty()) {
      request.POST(BodyPublishers.ofString(body));
    }
    return Json.mapper()
        .readTree(
            HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofByteArray()).body());
  }
}
