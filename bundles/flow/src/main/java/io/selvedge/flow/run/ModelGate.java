package io.selvedge.flow.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.selvedge.api.event.Event;
import io.selvedge.api.model.ModelException;
import io.selvedge.api.model.ModelRef;
import io.selvedge.api.model.ModelStatus;
import io.selvedge.api.model.Models;
import io.selvedge.api.model.Prediction;
import io.selvedge.protocol.feature.FeatureSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lets a model decide only on features that are what it was trained on. A model may be swapped at
 * any time, also between looking and running; what ran is what was looked at, or nothing. One
 * thread.
 */
final class ModelGate {

  /** Swaps between looking and running that are waited out in one tick. */
  private static final int TRIES = 3;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String flow;
  private final String model;
  private final List<FeatureSpec> specs;
  private final Supplier<Optional<Models>> models;

  private Optional<ModelRef> looked = Optional.empty();
  private int[] columns = {};
  private String differs = "";
  private String reason = "";

  ModelGate(String flow, String model, List<FeatureSpec> specs, Supplier<Optional<Models>> models) {
    this.flow = flow;
    this.model = model;
    this.specs = specs;
    this.models = models;
  }

  /**
   * Runs the live model on a row of the flow's features.
   *
   * @return empty where it did not run; {@link #reason} says why
   */
  Optional<Prediction> predict(float[] features) {
    reason = "";
    Optional<Models> inference = models.get();
    if (inference.isEmpty()) {
      looked = Optional.empty();
      return not(
          "inference is not running; model [" + model + "] is not asked, rules decide alone");
    }
    for (int i = 0; i < TRIES; i++) {
      Optional<ModelStatus> status = inference.get().find(model);
      if (status.isEmpty()) {
        looked = Optional.empty();
        return not("model [" + model + "] is not live; deploy it. Until then rules decide alone");
      }
      look(status.get());
      if (!differs.isEmpty()) {
        return not(differs);
      }
      try {
        Prediction prediction = inference.get().predict(model, rows(features));
        if (looked.filter(prediction.model()::equals).isPresent()) {
          return Optional.of(prediction);
        }
      } catch (ModelException e) {
        // Another version may have come between; then look again.
        not(String.valueOf(e.getMessage()));
      }
    }
    return reason.isEmpty()
        ? not("model [" + model + "] was swapped while it ran; it runs again at the next row")
        : Optional.empty();
  }

  /** Why the last {@link #predict} had no answer; empty where it had. */
  String reason() {
    return reason;
  }

  /** How bad the reason is: a model that is not there yet is normal, one that differs is not. */
  Event.Severity severity() {
    return looked.isEmpty() ? Event.Severity.INFO : Event.Severity.WARNING;
  }

  private Optional<Prediction> not(String why) {
    reason = why;
    return Optional.empty();
  }

  private float[][] rows(float[] features) {
    float[] row = new float[columns.length];
    for (int i = 0; i < columns.length; i++) {
      row[i] = features[columns[i]];
    }
    return new float[][] {row};
  }

  private void look(ModelStatus status) {
    if (looked.filter(status.ref()::equals).isPresent()) {
      return;
    }
    looked = Optional.of(status.ref());
    columns = new int[status.features().size()];
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < columns.length; i++) {
      columns[i] = index(status.features().get(i));
      String trained = canonical(status.featureDefinitions().get(i));
      String here = columns[i] < 0 ? "nothing" : specs.get(columns[i]).canonical();
      if (!trained.equals(here)) {
        differences.add(
            "["
                + status.features().get(i)
                + "] is "
                + trained
                + " in the model and "
                + here
                + " in the flow");
      }
    }
    differs =
        differences.isEmpty()
            ? ""
            : "model ["
                + model
                + " "
                + status.ref().version()
                + "] was trained on other features than flow ["
                + flow
                + "] defines: "
                + String.join("; ", differences)
                + ". Define them alike, or train the model anew; until then rules decide alone";
  }

  private int index(String feature) {
    for (int i = 0; i < specs.size(); i++) {
      if (specs.get(i).name().equals(feature)) {
        return i;
      }
    }
    return -1;
  }

  /** The definition in our own words, so that only meaning is compared. */
  private static String canonical(String definition) {
    try {
      return JSON.readValue(definition, FeatureSpec.class).canonical();
    } catch (JsonProcessingException e) {
      return definition;
    }
  }
}
