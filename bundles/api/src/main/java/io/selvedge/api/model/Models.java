package io.selvedge.api.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The live models of this gateway. Callable on any thread; a model may be swapped between two calls
 * but never within one.
 */
@ProviderType
public interface Models {

  /** All live models, by name. */
  List<ModelStatus> list();

  /**
   * Models of files that wait behind a deployment's of the same name and are live again once that
   * has gone: how their input columns are computed, as in {@link ModelStatus#featureDefinitions},
   * by name.
   */
  default Map<String, List<String>> waiting() {
    return Map.of();
  }

  /** One live model. */
  Optional<ModelStatus> find(String name);

  /**
   * Runs a live model.
   *
   * @param model the model's name
   * @param rows one array a row, one finite number a feature, in the order of the manifest; 1 to
   *     4096 rows
   * @throws ModelException no such model, or rows that do not fit its input
   */
  Prediction predict(String model, float[][] rows) throws ModelException;
}
