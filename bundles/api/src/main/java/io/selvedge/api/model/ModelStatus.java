package io.selvedge.api.model;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A live model.
 *
 * @param ref which version
 * @param origin where it came from: {@code file} or {@code deployment}
 * @param features names of its input columns, in order
 * @param featureDefinitions how each input column is computed, in the same order: canonical JSON,
 *     {@code {"name":"t_10m","of":"t","op":"mean","window":"PT10M"}}; a flow compares them with its
 *     own
 * @param outputs names of its output columns, in order
 * @param since when it went live
 * @param predictions rows predicted since then
 */
public record ModelStatus(
    ModelRef ref,
    String origin,
    List<String> features,
    List<String> featureDefinitions,
    List<String> outputs,
    Instant since,
    long predictions) {

  public ModelStatus {
    Objects.requireNonNull(ref, "ref must not be null");
    features = List.copyOf(features);
    featureDefinitions = List.copyOf(featureDefinitions);
    if (featureDefinitions.size() != features.size()) {
      throw new IllegalArgumentException(
          "model ["
              + ref.name()
              + "] has ["
              + featureDefinitions.size()
              + "] feature definitions for ["
              + features.size()
              + "] features; give one for each");
    }
    outputs = List.copyOf(outputs);
  }
}
