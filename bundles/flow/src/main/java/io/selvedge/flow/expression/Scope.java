package io.selvedge.flow.expression;

import dev.cel.runtime.CelVariableResolver;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the expressions of one flow see at one tick. Changed between ticks; one thread. */
public final class Scope {

  private final Map<String, Object> inputs = new HashMap<>();
  private final Map<String, Double> features = new HashMap<>();
  private final Map<String, Double> outputs = new HashMap<>();
  private boolean ready;
  private String model = "";
  private String version = "";
  private Instant time = Instant.EPOCH;

  private final CelVariableResolver resolver =
      name ->
          switch (name) {
            case "inputs" -> Optional.of(inputs);
            case "features" -> Optional.of(features);
            case "outputs" -> Optional.of(outputs);
            case "model.ready" -> Optional.of(ready);
            case "model.name" -> Optional.of(model);
            case "model.version" -> Optional.of(version);
            case "time" -> Optional.of(time);
            default -> Optional.empty();
          };

  /** Values by input: Double, Long, Boolean or String. */
  public Map<String, Object> inputs() {
    return inputs;
  }

  /** Numbers by feature. */
  public Map<String, Double> features() {
    return features;
  }

  /** Numbers by output of the model; empty where it did not run. */
  public Map<String, Double> outputs() {
    return outputs;
  }

  /** The time of the row. */
  public void at(Instant rowTime) {
    time = rowTime;
  }

  /** The model ran. */
  public void model(String name, String modelVersion) {
    ready = true;
    model = name;
    version = modelVersion;
  }

  /** The model did not run. */
  public void noModel(String name) {
    ready = false;
    model = name;
    version = "";
    outputs.clear();
  }

  CelVariableResolver resolver() {
    return resolver;
  }
}
