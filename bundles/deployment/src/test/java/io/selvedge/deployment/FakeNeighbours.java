package io.selvedge.deployment;

import io.selvedge.api.flow.Decision;
import io.selvedge.api.flow.FlowNeeds;
import io.selvedge.api.flow.FlowStatus;
import io.selvedge.api.flow.Flows;
import io.selvedge.api.model.ModelRef;
import io.selvedge.api.model.ModelStatus;
import io.selvedge.api.model.Models;
import io.selvedge.api.model.Prediction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Models, flows and devices that are said to be there. */
final class FakeNeighbours extends Neighbours {

  /** Definitions of features by the model's name. */
  final Map<String, List<String>> models = new HashMap<>();

  /** Those of files that wait behind a deployment's. */
  final Map<String, List<String>> waiting = new HashMap<>();

  final List<FlowNeeds> flows = new ArrayList<>();

  /** Names of models and flows that are a deployment's; all others are of files. */
  final Set<String> deployed = new HashSet<>();

  Set<String> devices = Set.of();
  long free = Long.MAX_VALUE;

  FakeNeighbours() {
    super(Optional.empty());
  }

  @Override
  Set<String> devices() {
    return devices;
  }

  @Override
  long freeMemory() {
    return free;
  }

  @Override
  <T> Optional<T> find(Class<T> type) {
    return List.of(new FakeModels(), new FakeFlows()).stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst();
  }

  private String origin(String name) {
    return deployed.contains(name) ? "deployment" : "file";
  }

  private final class FakeModels implements Models {

    @Override
    public List<ModelStatus> list() {
      List<ModelStatus> list = new ArrayList<>();
      models.forEach((name, features) -> list.add(status(name, features)));
      return list;
    }

    private ModelStatus status(String name, List<String> features) {
      return new ModelStatus(
          new ModelRef(name, "1", "0".repeat(64)),
          origin(name),
          Collections.nCopies(features.size(), "f"),
          features,
          List.of("y"),
          Instant.EPOCH,
          0);
    }

    @Override
    public Map<String, List<String>> waiting() {
      return waiting;
    }

    @Override
    public Optional<ModelStatus> find(String name) {
      return Optional.ofNullable(models.get(name)).map(features -> status(name, features));
    }

    @Override
    public Prediction predict(String model, float[][] rows) {
      throw new UnsupportedOperationException("nothing is predicted here");
    }
  }

  private final class FakeFlows implements Flows {

    @Override
    public List<FlowStatus> list() {
      return flows.stream().map(one -> status(one.name())).toList();
    }

    private FlowStatus status(String name) {
      Instant since = Instant.EPOCH;
      return new FlowStatus(
          name, "1", origin(name), since, 0, 0, 0, 0, 0, 0, "", "", Optional.empty());
    }

    @Override
    public Optional<FlowStatus> find(String name) {
      return list().stream().filter(one -> one.name().equals(name)).findFirst();
    }

    @Override
    public List<FlowNeeds> needs() {
      return flows;
    }

    @Override
    public List<Decision> recent(int most) {
      return List.of();
    }

    @Override
    public String schema() {
      return "{}";
    }
  }
}
