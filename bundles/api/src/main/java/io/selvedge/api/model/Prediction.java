package io.selvedge.api.model;

import java.util.List;
import java.util.Objects;

/**
 * What a model yields for a batch of rows.
 *
 * @param model the version that ran
 * @param outputs names of the outputs' columns, as the manifest gives them
 * @param rows one array a row of the batch, one number an output
 * @param nanos time that inference took for the batch
 */
public record Prediction(ModelRef model, List<String> outputs, float[][] rows, long nanos) {

  public Prediction {
    Objects.requireNonNull(model, "model must not be null");
    outputs = List.copyOf(outputs);
  }
}
