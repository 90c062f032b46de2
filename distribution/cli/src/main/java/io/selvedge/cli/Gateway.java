package io.selvedge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.Instant;

/** What the demo asks a gateway; see docs/rest.md. */
final class Gateway {

  private final Api api;

  private Gateway(Api api) {
    this.api = api;
  }

  /** Signs in with a one-time code. */
  static Gateway signIn(Api api, String code) throws IOException, InterruptedException {
    JsonNode session = api.post("/api/sessions", Api.object().put("code", code));
    api.authorise(session.path("token").asText());
    return new Gateway(api);
  }

  /** SHA-256 of a live model's file; empty where no such model is live. */
  String liveModel(String name) throws IOException, InterruptedException {
    for (JsonNode model : api.get("/api/models").path("models")) {
      if (model.path("name").asText().equals(name)) {
        return model.path("sha256").asText();
      }
    }
    return "";
  }

  /** The time of the row that a flow decided upon last. */
  Instant newestDecision(String flow) throws IOException, InterruptedException {
    JsonNode newest = newest(flow);
    return newest.has("time") ? Instant.parse(newest.path("time").asText()) : Instant.EPOCH;
  }

  /** Whether a rule held in a flow's newest decision: {@code true} or {@code false}. */
  String newestDecisionHolds(String flow, String rule) throws IOException, InterruptedException {
    return Boolean.toString(Judgement.holds(newest(flow), rule));
  }

  private JsonNode newest(String flow) throws IOException, InterruptedException {
    for (JsonNode decision : api.get("/api/decisions?most=100").path("decisions")) {
      if (decision.path("flow").asText().equals(flow)) {
        return decision;
      }
    }
    return MissingNode.getInstance();
  }

  /** Measurements that a flow has handed to the uplink. */
  long measurements(String flow) throws IOException, InterruptedException {
    for (JsonNode status : api.get("/api/flows").path("flows")) {
      if (status.path("name").asText().equals(flow)) {
        return status.path("uploaded").asLong(-1);
      }
    }
    return -1;
  }

  /** The latest value of a channel, for people. */
  String latest(String device, String channel) throws IOException, InterruptedException {
    for (JsonNode value : api.get("/api/devices/" + device).path("channels")) {
      if (value.path("id").asText().equals(channel)) {
        return value.path("value").asText();
      }
    }
    return "unknown";
  }
}
