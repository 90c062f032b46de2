package io.selvedge.bench.swap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.bench.Waiting;
import io.selvedge.bench.rollout.FleetHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A hub as it is shipped, with its broker: signs deployments of drivers and sends them by MQTT. */
final class SwapHub implements AutoCloseable {

  private static final String GATEWAY = "bench";
  private static final String KIND = "BUNDLE";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final FleetHub hub;
  private final Path work;

  SwapHub(Path source, Path work) throws IOException, InterruptedException {
    this.hub = new FleetHub(source, work);
    this.work = work;
  }

  /** Makes the gateway of this configuration one of this hub's. */
  void enrol(Path conf) throws IOException, InterruptedException {
    hub.enrol(GATEWAY, conf);
  }

  /** Deploys another version of each driver, and waits until the gateway reports it as live. */
  void deploy(List<DriverJar> drivers, int round) throws IOException, InterruptedException {
    String version = Integer.toString(round);
    ObjectNode body = FleetHub.object().put("gateway", GATEWAY);
    ArrayNode artifacts = body.putArray("artifacts");
    for (DriverJar driver : drivers) {
      Path jar = work.resolve(driver.name() + ".deployed.jar");
      driver.write(jar, round);
      hub.register(KIND, driver.name(), version, Map.of("bundle.jar", Files.readAllBytes(jar)));
      artifacts.addObject().put("kind", KIND).put("name", driver.name()).put("version", version);
    }
    send(body);
  }

  /** Takes the drivers out of what is deployed. */
  void remove(List<DriverJar> drivers) throws IOException, InterruptedException {
    ObjectNode body = FleetHub.object().put("gateway", GATEWAY);
    ArrayNode remove = body.putArray("remove");
    drivers.forEach(driver -> remove.addObject().put("kind", KIND).put("name", driver.name()));
    send(body);
  }

  private void send(ObjectNode body) throws IOException, InterruptedException {
    long revision = hub.post("/api/v1/deployments", body).path("revision").asLong();
    JsonNode[] last = {FleetHub.object()};
    boolean ended =
        Waiting.patiently(
            PATIENCE,
            () -> {
              Thread.sleep(100);
              last[0] = hub.get("/api/v1/gateways/" + GATEWAY + "/deployment").path("reported");
              JsonNode one = last[0].path("deployment");
              return one.path("newest").asLong() == revision
                  && one.path("state").asText().matches("ACTIVE|REFUSED|REVERTED");
            });
    if (!ended || !last[0].at("/deployment/state").asText().equals("ACTIVE")) {
      throw new IOException("deployment [" + revision + "] is not live: " + last[0]);
    }
  }

  @Override
  public void close() {
    hub.close();
  }
}
