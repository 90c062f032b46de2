package io.selvedge.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.flow.FlowNeeds;
import io.selvedge.api.model.ModelException;
import io.selvedge.protocol.feature.FeatureSpec;
import io.selvedge.protocol.json.Json;
import io.selvedge.protocol.model.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the handlers cannot see alone: whether the models and flows that would be live together fit
 * each other, whether what a flow names is there, and whether there is memory for it. Changes
 * nothing. On the deployment's thread, after each artifact has passed its own check.
 */
final class Preflight {

  private static final String FLOW_FILE = "flow.json";

  /** A model takes its file in memory, a second time while it is loaded, and room to compute. */
  private static final int TIMES_FILE = 3;

  private static final long SPARE = 16L << 20;

  private final Staging staging;
  private final Neighbours neighbours;

  Preflight(Staging staging, Neighbours neighbours) {
    this.staging = staging;
    this.neighbours = neighbours;
  }

  /**
   * Looks at what would be live.
   *
   * @param to all of it
   * @param changed what of it is not live now
   */
  void check(List<Artifact> to, List<Artifact> changed) throws Refusal {
    Map<String, List<String>> before = neighbours.models();
    Map<String, List<String>> staying = neighbours.models(names(to, Artifact.Kind.MODEL));
    Set<String> going = new HashSet<>(before.keySet());
    going.removeIf(name -> Objects.equals(before.get(name), staying.get(name)));
    if (changed.isEmpty() && going.isEmpty()) {
      return;
    }
    requireMemory(changed);
    List<FlowNeeds> flows = flows(to);
    Set<String> used = new HashSet<>();
    flows.forEach(flow -> flow.model().ifPresent(used::add));
    Map<String, List<String>> models = models(staying, to, used);
    Set<String> names = new HashSet<>();
    changed.forEach(artifact -> names.add(artifact.kind() + "/" + artifact.name()));
    boolean devicesMayCome =
        changed.stream()
            .anyMatch(
                a -> a.kind() == Artifact.Kind.BUNDLE || a.kind() == Artifact.Kind.CONFIGURATION);
    Set<String> deployed = names(to, Artifact.Kind.FLOW);
    for (FlowNeeds flow : flows) {
      boolean newFlow = names.contains("FLOW/" + flow.name());
      if (flow.model().isPresent()) {
        String model = flow.model().get();
        // A file's flow goes on by rules alone: it must not keep a model that is taken back.
        boolean goes = going.contains(model) && deployed.contains(flow.name());
        if (models.get(model) == null && (newFlow || goes)) {
          throw noModel(flow, model, goes);
        }
        if (newFlow || goes || names.contains("MODEL/" + model)) {
          requireFit(flow, model, models);
        }
      }
      if (newFlow && !devicesMayCome) {
        requireDevices(flow);
      }
    }
  }

  private static Set<String> names(List<Artifact> artifacts, Artifact.Kind kind) {
    return artifacts.stream()
        .filter(one -> one.kind() == kind)
        .map(Artifact::name)
        .collect(Collectors.toSet());
  }

  private static Refusal noModel(FlowNeeds flow, String model, boolean goes) {
    return new Refusal(
        "flow.no_model",
        "flow ["
            + flow.name()
            + "] names model ["
            + model
            + (goes
                ? "], which is live but goes with this deployment, because that leaves it out;"
                    + " deploy it with it, or take it out of the flow"
                : "], which is neither live nor in the deployment; deploy it with it"));
  }

  private static void requireFit(FlowNeeds flow, String model, Map<String, List<String>> models)
      throws Refusal {
    List<String> missing = new ArrayList<>(models.getOrDefault(model, List.of()));
    missing.removeAll(flow.features());
    if (!missing.isEmpty()) {
      throw new Refusal(
          "model.signature",
          "model ["
              + model
              + "] takes "
              + missing
              + ", which flow ["
              + flow.name()
              + "] does not compute so; it computes "
              + flow.features()
              + ". Deploy a flow that defines them alike with it, or train the model anew");
    }
  }

  private void requireDevices(FlowNeeds flow) throws Refusal {
    Set<String> devices = neighbours.devices();
    for (String device : flow.devices()) {
      if (!devices.isEmpty() && !devices.contains(device)) {
        throw new Refusal(
            "flow.no_device",
            "flow ["
                + flow.name()
                + "] reads device ["
                + device
                + "], which is not here; there are "
                + devices.stream().sorted().toList()
                + ". Configure it first, or deploy its configuration with it");
      }
    }
  }

  private void requireMemory(List<Artifact> changed) throws Refusal {
    long bytes = 0;
    for (Artifact artifact : changed) {
      if (artifact.kind() == Artifact.Kind.MODEL) {
        bytes += artifact.files().stream().mapToLong(Artifact.File::size).sum() * TIMES_FILE;
      }
    }
    long free = neighbours.freeMemory();
    if (bytes > 0 && bytes + SPARE > free) {
      throw new Refusal(
          "artifact.no_memory",
          "models of the deployment need about ["
              + (bytes >> 20)
              + " MB] of memory, free are ["
              + (free >> 20)
              + " MB]; make them smaller, or free memory");
    }
  }

  /** The features of each model that would be live and that a flow uses, by their definitions. */
  private Map<String, List<String>> models(
      Map<String, List<String>> staying, List<Artifact> to, Set<String> used) throws Refusal {
    Map<String, List<String>> models = new HashMap<>(staying);
    for (Artifact artifact : to) {
      if (artifact.kind() == Artifact.Kind.MODEL && used.contains(artifact.name())) {
        try {
          ModelManifest manifest =
              ModelManifest.parse(
                  Files.readAllBytes(staging.directory(artifact).resolve(ModelManifest.FILE_NAME)));
          models.put(
              artifact.name(), manifest.features().stream().map(FeatureSpec::canonical).toList());
        } catch (ModelException e) {
          throw new Refusal(e.code(), String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
          throw unreadable(artifact, e);
        }
      }
    }
    return models;
  }

  /** The flows that would run; one of the deployment takes the place of a file's. */
  private List<FlowNeeds> flows(List<Artifact> to) throws Refusal {
    Map<String, FlowNeeds> flows = new HashMap<>();
    neighbours.flows(names(to, Artifact.Kind.FLOW)).forEach(flow -> flows.put(flow.name(), flow));
    for (Artifact artifact : to) {
      if (artifact.kind() == Artifact.Kind.FLOW) {
        try {
          byte[] json = Files.readAllBytes(staging.directory(artifact).resolve(FLOW_FILE));
          flows.put(artifact.name(), needs(artifact.name(), Json.mapper().readTree(json)));
        } catch (IOException e) {
          throw unreadable(artifact, e);
        }
      }
    }
    return List.copyOf(flows.values());
  }

  private static FlowNeeds needs(String name, JsonNode flow) throws JsonProcessingException {
    List<String> features = new ArrayList<>();
    for (JsonNode one : flow.path("features")) {
      features.add(Json.mapper().treeToValue(one, FeatureSpec.class).canonical());
    }
    Set<String> devices = new HashSet<>();
    flow.path("inputs").forEach(one -> devices.add(one.asText().replaceFirst("/.*", "")));
    String model = flow.path("model").asText("");
    return new FlowNeeds(
        name, model.isEmpty() ? Optional.empty() : Optional.of(model), features, devices);
  }

  private static Refusal unreadable(Artifact artifact, IOException e) {
    return new Refusal(
        "artifact.unreadable",
        "artifact [" + Activation.name(artifact) + "] cannot be read: " + e,
        e);
  }
}
