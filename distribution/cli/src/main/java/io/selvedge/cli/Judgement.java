package io.selvedge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The gateway's own decisions as the hub stored them, held against the labels of the same rows.
 *
 * @param byModel decisions of the judged time that carry the model
 * @param fanOn how often they switched the fan on
 * @param fanOff how often they switched it off
 * @param score right and wrong
 */
record Judgement(long byModel, long fanOn, long fanOff, Score score) {

  /** The rule of the flow that holds where the room is taken for occupied. */
  static final String OCCUPIED = "occupied";

  static Judgement of(Hub hub, String gateway, String flow, String sha256, Scenario scenario)
      throws IOException, InterruptedException {
    Map<Instant, Boolean> truth = labels(hub, gateway, flow, scenario);
    Score score = new Score();
    long byModel = 0;
    long on = 0;
    long off = 0;
    for (JsonNode decision :
        hub.decisions(gateway, flow, scenario.judgedFrom(), scenario.judgedTo())) {
      if (!decision.path("model").path("sha256").asText().equals(sha256)) {
        continue;
      }
      byModel++;
      for (JsonNode command : decision.path("commands")) {
        if (command.path("target").asText().endsWith("/fan")) {
          if (command.path("value").asBoolean()) {
            on++;
          } else {
            off++;
          }
        }
      }
      Boolean label = truth.get(Instant.parse(decision.path("time").asText()));
      if (label != null) {
        score.add(holds(decision, OCCUPIED), label);
      }
    }
    return new Judgement(byModel, on, off, score);
  }

  /** Whether a rule held in a decision. */
  static boolean holds(JsonNode decision, String rule) {
    for (JsonNode name : decision.path("rules")) {
      if (name.asText().equals(rule)) {
        return true;
      }
    }
    return false;
  }

  private static Map<Instant, Boolean> labels(
      Hub hub, String gateway, String device, Scenario scenario)
      throws IOException, InterruptedException {
    Map<Instant, Boolean> labels = new HashMap<>();
    for (JsonNode row :
        hub.measurements(
            gateway, device, "occupancy", scenario.judgedFrom(), scenario.judgedTo())) {
      JsonNode value = row.path("value");
      labels.put(
          Instant.parse(row.path("time").asText()),
          value.isBoolean() ? value.asBoolean() : value.asDouble() > 0.5);
    }
    return labels;
  }
}
