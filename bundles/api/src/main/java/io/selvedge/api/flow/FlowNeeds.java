package io.selvedge.api.flow;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a flow needs around it.
 *
 * @param name the flow's name
 * @param model the model that decides, where one does
 * @param features how each of its features is computed: canonical JSON, as in {@link
 *     io.selvedge.api.model.ModelStatus#featureDefinitions}
 * @param devices ids of the devices that it reads
 */
public record FlowNeeds(
    String name, Optional<String> model, List<String> features, Set<String> devices) {

  public FlowNeeds {
    Objects.requireNonNull(name, "name must not be null");
    Objects.requireNonNull(model, "model must not be null; give an empty one");
    features = List.copyOf(features);
    devices = Set.copyOf(devices);
  }
}
