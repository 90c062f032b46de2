package io.selvedge.console.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.model.ModelStatus;
import io.selvedge.console.http.Json;
import io.selvedge.console.http.Refusal;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Reads the rows of a prediction: arrays in the order of the features, or objects by name. */
final class Rows {

  /** As many as a model takes at once. */
  static final int MOST = 4096;

  private Rows() {}

  /** Refuses members that mean nothing here: a misspelt one must not be passed over. */
  static void checkMembers(ObjectNode body, boolean named) throws Refusal {
    List<String> known = named ? List.of("rows", "row") : List.of("model", "rows", "row");
    for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw Refusal.badRequest(
            "predict.unknown_member",
            "[" + Json.brief(name) + "] means nothing here; the body may have " + known);
      }
    }
  }

  static Optional<String> model(ObjectNode body) throws Refusal {
    JsonNode model = body.path("model");
    if (model.isMissingNode()) {
      return Optional.empty();
    }
    if (!model.isTextual()) {
      throw Refusal.badRequest(
          "predict.wrong_model",
          "model [" + Json.brief(model.toString()) + "] must be a model's name in quotes");
    }
    return Optional.of(model.textValue());
  }

  static float[][] read(ObjectNode body, ModelStatus model) throws Refusal {
    JsonNode rows = body.path("rows");
    JsonNode row = body.path("row");
    if (rows.isMissingNode() == row.isMissingNode()) {
      throw Refusal.badRequest(
          "predict.no_rows",
          "give either [rows], a list of rows, or [row], one row; a row has " + model.features());
    }
    if (!row.isMissingNode()) {
      return new float[][] {row(row, 0, model)};
    }
    if (!rows.isArray() || rows.isEmpty()) {
      throw Refusal.badRequest(
          "predict.no_rows",
          "rows [" + Json.brief(rows.toString()) + "] must be a list of at least one row");
    }
    if (rows.size() > MOST) {
      throw Refusal.badRequest(
          "predict.too_many_rows",
          "[" + rows.size() + "] rows are more than [" + MOST + "]; send them in smaller batches");
    }
    float[][] read = new float[rows.size()][];
    for (int i = 0; i < read.length; i++) {
      read[i] = row(rows.get(i), i, model);
    }
    return read;
  }

  private static float[] row(JsonNode node, int index, ModelStatus model) throws Refusal {
    if (node.isArray()) {
      return byOrder(node, index, model);
    }
    if (node.isObject()) {
      return byName(node, index, model);
    }
    throw Refusal.badRequest(
        "predict.wrong_row",
        "row "
            + index
            + " ["
            + Json.brief(node.toString())
            + "] must be a list of numbers or an object of feature to number");
  }

  private static float[] byOrder(JsonNode node, int index, ModelStatus model) throws Refusal {
    List<String> features = model.features();
    if (node.size() != features.size()) {
      throw Refusal.badRequest(
          "predict.wrong_width",
          "row "
              + index
              + " has ["
              + node.size()
              + "] numbers; model ["
              + model.ref().name()
              + "] takes ["
              + features.size()
              + "]: "
              + features);
    }
    float[] row = new float[features.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = number(node.get(i), index, features.get(i));
    }
    return row;
  }

  private static float[] byName(JsonNode node, int index, ModelStatus model) throws Refusal {
    List<String> features = model.features();
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!features.contains(name)) {
        throw Refusal.badRequest(
            "predict.unknown_feature",
            "row "
                + index
                + " has a feature ["
                + Json.brief(name)
                + "] that model ["
                + model.ref().name()
                + "] does not know; it takes "
                + features);
      }
    }
    float[] row = new float[features.size()];
    for (int i = 0; i < row.length; i++) {
      JsonNode value = node.path(features.get(i));
      if (value.isMissingNode()) {
        throw Refusal.badRequest(
            "predict.missing_feature",
            "row "
                + index
                + " has no feature ["
                + features.get(i)
                + "]; model ["
                + model.ref().name()
                + "] needs all of "
                + features);
      }
      row[i] = number(value, index, features.get(i));
    }
    return row;
  }

  private static float number(JsonNode node, int index, String feature) throws Refusal {
    if (node.isNumber() && Float.isFinite(node.floatValue())) {
      return node.floatValue();
    }
    throw Refusal.badRequest(
        "predict.wrong_number",
        "row "
            + index
            + ", feature ["
            + feature
            + "]: ["
            + Json.brief(node.toString())
            + "] must be a number that fits 32 bits");
  }
}
