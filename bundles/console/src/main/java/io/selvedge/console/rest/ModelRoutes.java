package io.selvedge.console.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.model.ModelException;
import io.selvedge.api.model.ModelStatus;
import io.selvedge.api.model.Models;
import io.selvedge.api.model.Prediction;
import io.selvedge.console.http.Answer;
import io.selvedge.console.http.Call;
import io.selvedge.console.http.Json;
import io.selvedge.console.http.Refusal;
import io.selvedge.console.http.Route;
import io.selvedge.console.service.Services;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Live models, and predictions by hand. */
public final class ModelRoutes {

  private final Services services;

  public ModelRoutes(Services services) {
    this.services = services;
  }

  public List<Route> routes() {
    return List.of(
        Route.signedIn("GET", "/api/models", (call, parts) -> list()),
        Route.signedIn("POST", "/predict", (call, parts) -> predict(call, Optional.empty())),
        Route.signedIn(
            "POST",
            "/api/models/{name}/predict",
            (call, parts) -> predict(call, Optional.ofNullable(parts.get("name")))));
  }

  private Models models() throws Refusal {
    return services
        .models()
        .orElseThrow(
            () ->
                new Refusal(
                    503,
                    "models.absent",
                    "no models run here, rules decide alone; bundle [io.selvedge.inference] must be"
                        + " active, and ONNX Runtime be there for this machine (glibc on Linux of"
                        + " x86-64 or aarch64). Where it is, the log says why it did not start"));
  }

  private Answer list() throws Refusal {
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("models");
    for (ModelStatus status : models().list()) {
      ObjectNode node = FlowRoutes.view(status.ref());
      node.put("origin", status.origin())
          .put("since", status.since().toString())
          .put("predictions", status.predictions());
      status.features().forEach(node.putArray("features")::add);
      ArrayNode definitions = node.putArray("featureDefinitions");
      for (String definition : status.featureDefinitions()) {
        definitions.add(Json.parse(definition));
      }
      status.outputs().forEach(node.putArray("outputs")::add);
      list.add(node);
    }
    return Answer.json(body);
  }

  private Answer predict(Call call, Optional<String> name) throws Refusal, IOException {
    Models models = models();
    ObjectNode asked = Json.readObject(call);
    Rows.checkMembers(asked, name.isPresent());
    ModelStatus model = which(models, name.isPresent() ? name : Rows.model(asked));
    float[][] rows = Rows.read(asked, model);
    try {
      return Answer.json(view(models.predict(model.ref().name(), rows)));
    } catch (ModelException e) {
      throw new Refusal(status(e.code()), e.code(), String.valueOf(e.getMessage()), e);
    }
  }

  /** The model that was named, or the only one. */
  private static ModelStatus which(Models models, Optional<String> name) throws Refusal {
    List<ModelStatus> live = models.list();
    List<String> names = live.stream().map(model -> model.ref().name()).toList();
    if (name.isPresent()) {
      return models
          .find(name.get())
          .orElseThrow(
              () ->
                  Refusal.notFound(
                      "model.unknown",
                      "there is no live model ["
                          + Json.brief(name.get())
                          + "]; live are "
                          + names));
    }
    if (live.size() == 1) {
      return live.get(0);
    }
    throw live.isEmpty()
        ? Refusal.notFound(
            "model.unknown",
            "no model is live; put one into conf/models or deploy one from the hub")
        : Refusal.badRequest(
            "model.not_named",
            "[" + live.size() + "] models are live; name one of " + names + " as \"model\"");
  }

  private static int status(String code) {
    return switch (code) {
      case "model.unknown" -> 404;
      case "model.wrong_input" -> 400;
      default -> 500;
    };
  }

  private static ObjectNode view(Prediction prediction) {
    ObjectNode body = Json.object();
    body.set("model", FlowRoutes.view(prediction.model()));
    prediction.outputs().forEach(body.putArray("outputs")::add);
    ArrayNode rows = body.putArray("rows");
    for (float[] row : prediction.rows()) {
      ArrayNode out = rows.addArray();
      for (float value : row) {
        out.add(value);
      }
    }
    return body.put("nanos", prediction.nanos());
  }
}
