package io.selvedge.inference;

import io.selvedge.api.flow.Decision;
import io.selvedge.api.flow.DecisionListener;
import io.selvedge.api.model.ModelRef;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.RequestHandler;
import io.selvedge.inference.Labels.Decided;
import io.selvedge.protocol.feature.FeatureSpec;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Labels that come back: {@code MODEL-V1/PUT/labels} of docs/protocol.md. They count for models on
 * trial; a label whose decision is not known any more is told as such.
 */
final class LabelRequests implements RequestHandler, DecisionListener {

  static final String APP = "MODEL-V1";

  private record Label(String flow, Instant time, String label) {}

  private final ModelTrials trials;
  private final LiveModels models;
  private final Labels labels = new Labels();

  LabelRequests(ModelTrials trials, LiveModels models) {
    this.trials = trials;
    this.models = models;
  }

  @Override
  public void decided(Decision decision) {
    Optional<ModelRef> model = decision.model();
    if (model.isPresent() && trials.find(model.get().name()).isPresent()) {
      labels.add(decision, model.get());
    }
  }

  @Override
  public Reply handle(Request request) {
    if (request.method() != Request.Method.PUT || !request.resource().equals("labels")) {
      return Reply.error(
          404,
          "["
              + request.method()
              + " "
              + request.resource()
              + "] is not known here; known is PUT labels");
    }
    try {
      int taken = 0;
      List<Label> all = parse(request.body());
      for (Label one : all) {
        taken += take(one) ? 1 : 0;
      }
      return Reply.ok(
          Json.text(
              Json.mapper()
                  .createObjectNode()
                  .put("taken", taken)
                  .put("unknown", all.size() - taken)));
    } catch (IllegalArgumentException e) {
      return Reply.error(400, "model.malformed_labels " + e.getMessage());
    }
  }

  private static List<Label> parse(byte[] body) {
    List<Label> parsed = new ArrayList<>();
    for (Fields one : Fields.parse("labels", body).objects("labels")) {
      boolean number = one.has("value");
      if (number == one.has("label")) {
        throw new IllegalArgumentException("each label must have either [label] or [value]");
      }
      parsed.add(
          new Label(
              one.text("flow"),
              one.instant("time"),
              number ? Double.toString(one.number("value")) : one.text("label")));
    }
    return parsed;
  }

  private boolean take(Label label) {
    Optional<Decided> decided = labels.take(label.flow(), label.time());
    Optional<ModelTrial> trial = decided.flatMap(d -> trials.find(d.model().name()));
    if (decided.isEmpty() || trial.isEmpty()) {
      return false;
    }
    Optional<float[]> row =
        models.manifest(decided.get().model()).flatMap(m -> row(m.features(), decided.get()));
    return row.isPresent() && trials.later(() -> trial.get().labelled(row.get(), label.label()));
  }

  private static Optional<float[]> row(List<FeatureSpec> features, Decided decided) {
    float[] row = new float[features.size()];
    for (int i = 0; i < row.length; i++) {
      Double value = decided.features().get(features.get(i).name());
      if (value == null) {
        return Optional.empty();
      }
      row[i] = value.floatValue();
    }
    return Optional.of(row);
  }
}
