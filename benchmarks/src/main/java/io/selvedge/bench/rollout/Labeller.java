package io.selvedge.bench.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Somebody on the line who sees how things turned out: reads the decisions at the hub and labels
 * those of gateways on trial, as soon as they have come.
 */
final class Labeller implements AutoCloseable {

  private static final long BETWEEN_MILLIS = 1000;

  private final FleetHub hub;
  private final Thread thread = new Thread(this::run, "bench-labels");
  private volatile long rollout;
  private volatile boolean open = true;
  private final AtomicLong given = new AtomicLong();
  private final AtomicLong missed = new AtomicLong();

  Labeller(FleetHub hub) {
    this.hub = hub;
    thread.start();
  }

  /** Looks at the gateways of this rollout from now on. */
  void watch(long id) {
    rollout = id;
  }

  /** How many labels gateways have taken. */
  long given() {
    return given.get();
  }

  /** How often labels could not be given; they are not given again. */
  long missed() {
    return missed.get();
  }

  private void run() {
    long after = 0;
    while (open) {
      try {
        Thread.sleep(BETWEEN_MILLIS);
        after = label(after);
      } catch (InterruptedException e) {
        return;
      } catch (IOException e) { // a gateway was silent, or the hub is being closed
        missed.incrementAndGet();
      }
    }
  }

  private long label(long after) throws IOException, InterruptedException {
    JsonNode page = hub.get("/api/v1/decisions?flow=line&limit=10000&after=" + after);
    long last = after;
    Map<String, ArrayNode> labels = new HashMap<>();
    Set<String> wanted = onTrial();
    for (JsonNode decision : page.path("decisions")) {
      last = decision.path("id").asLong();
      String gateway = decision.path("gateway").asText();
      if (wanted.contains(gateway)) {
        labels
            .computeIfAbsent(gateway, id -> FleetHub.JSON.createArrayNode())
            .addObject()
            .put("flow", "line")
            .put("time", decision.path("time").asText())
            .put("label", truth(decision.path("features")));
      }
    }
    for (Map.Entry<String, ArrayNode> one : labels.entrySet()) {
      JsonNode answer =
          hub.post(
              "/api/v1/gateways/" + one.getKey() + "/labels",
              FleetHub.object().set("labels", one.getValue()));
      given.addAndGet(answer.path("taken").asLong());
    }
    return last;
  }

  static String truth(JsonNode features) {
    return features.path("x1").asDouble() + features.path("x2").asDouble() > 0 ? "high" : "low";
  }

  private Set<String> onTrial() throws IOException, InterruptedException {
    Set<String> gateways = new HashSet<>();
    if (rollout > 0) {
      for (JsonNode one : hub.targets(rollout)) {
        if (one.path("state").asText().equals("TRIAL")) {
          gateways.add(one.path("gateway").asText());
        }
      }
    }
    return gateways;
  }

  @Override
  public void close() {
    open = false;
    thread.interrupt();
    try {
      thread.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
