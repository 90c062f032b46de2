package io.selvedge.bench.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.bench.GatewayRest;
import io.selvedge.bench.Jars;
import io.selvedge.bench.Waiting;
import io.selvedge.bench.rollout.FailingActivator.Way;
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

/** The shipped hub and one shipped gateway, under a supervisor, each a process of its own. */
public final class HubAndGateway {

  public static final String BUNDLE = "selvedge.test.failing";

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String ID = "gw-1";

  private final Path work;
  private final Path script;
  private final Path instance;
  private final int port;
  public final FleetHub hub;
  final Supervised gateway;

  /** Enrols the gateway and starts it. */
  public HubAndGateway(Path work) throws IOException, InterruptedException {
    this.work = work;
    Path source = Path.of(System.getProperty("selvedge.test.source", ""));
    script = source.resolve("distribution/gateway/target/selvedge-gateway/bin/selvedge");
    instance = work.resolve("instance");
    port = Ports.free();
    hub = new FleetHub(source, work);
    try {
      JsonNode answer = hub.post("/api/v1/gateways", FleetHub.object().put("id", ID));
      Enrolment.enrol(script, instance, answer);
      gateway = new Supervised(script, instance, port);
    } catch (IOException | InterruptedException e) {
      hub.close();
      throw e;
    }
  }

  public void end() throws InterruptedException {
    gateway.end();
    hub.close();
  }

  GatewayRest rest() throws IOException, InterruptedException {
    return new GatewayRest(script, instance, port);
  }

  /** Where somebody signs in to its console: good once. */
  public URI signIn() throws IOException, InterruptedException {
    String code = GatewayRest.code(script, instance);
    return URI.create("http://127.0.0.1:" + port + "/sign-in?code=" + code);
  }

  /** What the hub has of the gateway's diary. */
  String events() throws IOException, InterruptedException {
    return hub.get("/api/v1/events?gateway=" + ID).toString();
  }

  /** There as soon as a bundle of this kind hangs. */
  Path mark() {
    return work.resolve("hangs");
  }

  /** Has the hub deploy a bundle that does this. */
  void deploy(String version, Way way) throws IOException, InterruptedException {
    byte[] jar =
        Jars.bundle(
            Map.of(
                "Bundle-SymbolicName",
                BUNDLE,
                "Bundle-Version",
                version,
                "Bundle-Activator",
                FailingActivator.class.getName(),
                FailingActivator.HEADER,
                way.name(),
                FailingActivator.MARK,
                mark().toString(),
                "Import-Package",
                "org.osgi.framework"),
            List.of(FailingActivator.class, Way.class, switchTable()));
    hub.register("BUNDLE", "failing", version, Map.of("bundle.jar", jar));
    var body = FleetHub.object().put("gateway", ID);
    body.putArray("artifacts")
        .addObject()
        .put("kind", "BUNDLE")
        .put("name", "failing")
        .put("version", version);
    JsonNode unused = hub.post("/api/v1/deployments", body);
  }

  /** What the compiler makes of a switch over an enum. */
  private static Class<?> switchTable() {
    try {
      return Class.forName(FailingActivator.class.getName() + "$1");
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The report that the hub has. */
  JsonNode reported() throws IOException, InterruptedException {
    return hub.get("/api/v1/gateways/" + ID + "/deployment").path("reported").path("deployment");
  }

  /** What {@code /health/ready} says; empty where nobody answers. */
  public String ready() throws InterruptedException {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                  .timeout(Duration.ofSeconds(5))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return "";
    }
  }

  public void await(Waiting.Question question) throws IOException, InterruptedException {
    try {
      Waiting.until(PATIENCE, "what is waited for", question);
    } catch (IOException e) {
      Path output = work.resolve("gateway.out");
      String said = Files.exists(output) ? Files.readString(output) : "";
      throw new AssertionError("reported " + reported() + "; ready " + ready() + "; " + said, e);
    }
  }
}
