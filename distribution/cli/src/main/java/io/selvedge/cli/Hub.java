package io.selvedge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the demo asks a hub; see docs/rest.md. */
final class Hub {

  private static final int PAGE = 5000;

  private final Api api;

  Hub(Api api) {
    this.api = api;
  }

  JsonNode enrol(String gateway) throws IOException, InterruptedException {
    return api.post("/api/v1/gateways", Api.object().put("id", gateway));
  }

  String state(String gateway) throws IOException, InterruptedException {
    return api.get("/api/v1/gateways/" + gateway).path("state").asText();
  }

  /** Distinct rows of a device between two times. */
  long rows(String gateway, String device, Instant from, Instant to)
      throws IOException, InterruptedException {
    return api.get(
            "/api/v1/measurements/count?gateway=" + gateway + "&device=" + device + span(from, to))
        .path("rows")
        .asLong();
  }

  /** All measurements that ever came from a gateway. */
  long measurements(String gateway) throws IOException, InterruptedException {
    return api.get("/api/v1/measurements/count?gateway=" + gateway).path("count").asLong();
  }

  /** Measurements of one channel between two times. */
  List<JsonNode> measurements(
      String gateway, String device, String channel, Instant from, Instant to)
      throws IOException, InterruptedException {
    return pages(
        "measurements",
        "gateway=" + gateway + "&device=" + device + "&channel=" + channel + span(from, to));
  }

  /** Decisions of one flow on rows between two times. */
  List<JsonNode> decisions(String gateway, String flow, Instant from, Instant to)
      throws IOException, InterruptedException {
    return pages("decisions", "gateway=" + gateway + "&flow=" + flow + span(from, to));
  }

  long countDecisions(String gateway, String flow, Instant from, Instant to)
      throws IOException, InterruptedException {
    return api.get("/api/v1/decisions/count?gateway=" + gateway + "&flow=" + flow + span(from, to))
        .path("count")
        .asLong();
  }

  private List<JsonNode> pages(String what, String query) throws IOException, InterruptedException {
    List<JsonNode> all = new ArrayList<>();
    String after = "";
    while (true) {
      JsonNode page = api.get("/api/v1/" + what + "?limit=" + PAGE + "&" + query + after);
      page.path(what).forEach(all::add);
      if (!page.has("next")) {
        return all;
      }
      after = "&after=" + page.path("next").asText();
    }
  }

  private static String span(Instant from, Instant to) {
    return "&from=" + from + "&to=" + to;
  }

  String train(ObjectNode request) throws IOException, InterruptedException {
    return api.post("/train", request).path("id").asText();
  }

  JsonNode training(String id) throws IOException, InterruptedException {
    return api.get("/api/v1/trainings/" + id);
  }

  /** SHA-256 of a registered model's ONNX file. */
  String registeredModel(String name, String version) throws IOException, InterruptedException {
    for (JsonNode file : api.get("/api/v1/models/" + name + "/" + version).path("files")) {
      if (file.path("path").asText().equals("model.onnx")) {
        return file.path("sha256").asText();
      }
    }
    throw new Report.NotObserved("registry has no file [model.onnx] of " + name + " " + version);
  }

  /** Signs and sends a deployment with one model; returns its revision. */
  long deploy(String gateway, String model, String version)
      throws IOException, InterruptedException {
    ObjectNode body = Api.object().put("gateway", gateway);
    body.putArray("artifacts")
        .addObject()
        .put("kind", "MODEL")
        .put("name", model)
        .put("version", version);
    return api.post("/api/v1/deployments", body).path("revision").asLong();
  }

  /** The revision that a gateway reports as active; -1 where it reports none. */
  long reportedRevision(String gateway) throws IOException, InterruptedException {
    JsonNode reported =
        api.get("/api/v1/gateways/" + gateway + "/deployment").path("reported").path("deployment");
    if (reported.path("state").asText().equals("REFUSED")) {
      throw new Report.NotObserved(
          "gateway refused the deployment ["
              + reported.path("code").asText()
              + "]: "
              + reported.path("message").asText());
    }
    return reported.path("state").asText().equals("ACTIVE")
        ? reported.path("revision").asLong(-1)
        : -1;
  }
}
