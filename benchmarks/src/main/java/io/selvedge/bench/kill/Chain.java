package io.selvedge.bench.kill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.selvedge.bench.UsageException;
import io.selvedge.bench.Waiting;
import io.selvedge.bench.injector.Numbered;
import io.selvedge.testkit.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * All behind the gateway: the link, the broker and the hub, each a process of its own but for the
 * link. The broker is the hub's embedded one, alone, because it keeps what it has acknowledged when
 * it is killed.
 */
final class Chain implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration STILL_WITH_ALL = Duration.ofSeconds(2);

  private final Path hubData;
  private final String password = UUID.randomUUID().toString();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int hubPort = Ports.free();
  private final Program broker;
  private final Program hub;
  private final Link link;

  /**
   * Starts broker and hub.
   *
   * @param source the source tree, where the hub is built
   * @param work for their data and output
   */
  Chain(Path source, Path work) throws IOException, InterruptedException {
    Path shipped = source.resolve("distribution/hub/target/selvedge-hub");
    if (!Files.isDirectory(shipped)) {
      throw new UsageException("hub [" + shipped + "] is not built; run ./selvedge build");
    }
    hubData = work.resolve("hub");
    int hubDoor = Ports.free();
    int gatewayDoor = Ports.free();
    broker = broker(shipped, work, hubDoor, gatewayDoor);
    hub =
        new Program(
            "hub",
            List.of(
                shipped.resolve("bin/hub").toString(),
                "--data",
                hubData.toString(),
                "--http",
                "127.0.0.1:" + hubPort,
                "--broker",
                "tcp://127.0.0.1:" + hubDoor,
                "--broker-user",
                "HUB"),
            Map.of("SELVEDGE_HUB_BROKER_PASSWORD", password),
            work.resolve("hub.out"));
    link = new Link(gatewayDoor);
    broker.start();
    Waiting.until(START, "broker", () -> alive(broker) && broker.said(BrokerProcess.READY));
    hub.start();
    awaitHub();
  }

  private Program broker(Path shipped, Path work, int hubDoor, int gatewayDoor) {
    String classPath = System.getProperty("java.class.path").split(":", -1)[0];
    return new Program(
        "broker",
        List.of(
            Program.java(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath + ":" + shipped.resolve("lib") + "/*",
            BrokerProcess.class.getName(),
            work.resolve("broker").toString(),
            Integer.toString(hubDoor),
            Integer.toString(gatewayDoor),
            password),
        Map.of(),
        work.resolve("broker.out"));
  }

  private static boolean alive(Program program) throws IOException {
    program.mustLive();
    return true;
  }

  Link link() {
    return link;
  }

  Program broker() {
    return broker;
  }

  Program hub() {
    return hub;
  }

  /** What gateways connect to. */
  String address() {
    return "tcp://127.0.0.1:" + link.port();
  }

  /** Of every gateway. */
  String password() {
    return password;
  }

  /** Starts again what has ended by itself, as a service manager would; true where it did. */
  boolean revive() throws IOException {
    boolean dead = !broker.alive() || !hub.alive();
    if (!broker.alive()) {
      broker.start();
    }
    if (!hub.alive()) {
      hub.start();
    }
    return dead;
  }

  /** Waits until the hub is ready, with broker and store. */
  void awaitHub() throws IOException, InterruptedException {
    Waiting.until(
        START,
        "hub ready",
        () -> {
          revive();
          return answers();
        });
  }

  private boolean answers() throws InterruptedException {
    try {
      return http.send(request("/health/ready").build(), HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Waits until the hub stores nothing more: a moment where it has what it must, longer where not.
   *
   * @param least so many it must have
   * @param longer so long nothing more comes where it has fewer: they are lost then
   */
  void awaitStill(String gateway, long least, Duration longer)
      throws IOException, InterruptedException {
    long before = -1;
    long since = System.nanoTime();
    while (true) {
      awaitHub();
      long stored = stored(gateway);
      if (stored != before) {
        before = stored;
        since = System.nanoTime();
      }
      Duration still = stored >= least ? STILL_WITH_ALL : longer;
      if (System.nanoTime() - since > still.toNanos()) {
        return;
      }
      Thread.sleep(200);
    }
  }

  /** Numbered messages of a gateway that the hub says it has stored. */
  private long stored(String gateway) throws IOException, InterruptedException {
    String token = Files.readString(hubData.resolve("auth/admin-token")).strip();
    HttpResponse<String> response =
        http.send(
            request("/api/v1/gateways/" + gateway)
                .header("Authorization", "Bearer " + token)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      return 0;
    }
    JsonNode counts = JSON.readTree(response.body()).path("counts").path(Numbered.APP);
    return counts.path("stored").asLong();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hubPort + path))
        .timeout(Duration.ofSeconds(20));
  }

  /** Stops the hub and reads its table. */
  HubTable table() throws Exception {
    hub.stop();
    return HubTable.read(hubData);
  }

  @Override
  public void close() throws IOException {
    link.close();
    hub.close();
    broker.close();
  }
}
