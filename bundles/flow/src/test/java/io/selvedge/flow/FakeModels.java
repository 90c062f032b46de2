package io.selvedge.flow;

import io.selvedge.api.model.ModelException;
import io.selvedge.api.model.ModelRef;
import io.selvedge.api.model.ModelStatus;
import io.selvedge.api.model.Models;
import io.selvedge.api.model.Prediction;
import io.selvedge.protocol.feature.FeatureSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** One live model whose arithmetic a test writes down; it yields empty and occupied. */
public final class FakeModels implements Models {

  /** What is live. */
  private record Live(ModelStatus status, ToDoubleFunction<float[]> occupied) {}

  private Optional<Live> live = Optional.empty();
  private Runnable beforePredict = () -> {};
  private String failure = "";

  /** A version goes live. */
  public synchronized void swap(
      String version, List<FeatureSpec> specs, ToDoubleFunction<float[]> occupied) {
    ModelRef ref = new ModelRef("occupancy", version, version.repeat(64).substring(0, 64));
    live =
        Optional.of(
            new Live(
                new ModelStatus(
                    ref,
                    "file",
                    specs.stream().map(FeatureSpec::name).toList(),
                    specs.stream().map(FeatureSpec::canonical).toList(),
                    List.of("empty", "occupied"),
                    Instant.EPOCH,
                    0),
                occupied));
  }

  /** Runs once, between a look at the model and its next prediction. */
  public synchronized void beforeNextPredict(Runnable runnable) {
    beforePredict = runnable;
  }

  public synchronized void fail(String message) {
    failure = message;
  }

  @Override
  public synchronized List<ModelStatus> list() {
    return live.map(Live::status).stream().toList();
  }

  @Override
  public synchronized Optional<ModelStatus> find(String name) {
    return live.map(Live::status).filter(s -> s.ref().name().equals(name));
  }

  @Override
  public synchronized Prediction predict(String model, float[][] rows) throws ModelException {
    Runnable once = beforePredict;
    beforePredict = () -> {};
    once.run();
    Live now = live.orElseThrow(() -> new ModelException("model.unknown", "no model"));
    if (!failure.isEmpty()) {
      throw new ModelException("model.wrong_input", failure);
    }
    if (rows[0].length != now.status().features().size()) {
      throw new ModelException("model.wrong_input", "row has [" + rows[0].length + "] numbers");
    }
    float occupied = (float) now.occupied().applyAsDouble(rows[0]);
    return new Prediction(
        now.status().ref(), now.status().outputs(), new float[][] {{1 - occupied, occupied}}, 1);
  }
}
