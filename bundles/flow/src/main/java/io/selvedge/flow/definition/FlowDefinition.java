package io.selvedge.flow.definition;

import io.selvedge.api.device.ChannelAddress;
import io.selvedge.protocol.feature.FeatureSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A flow that has been checked and compiled.
 *
 * @param name its name
 * @param version its version
 * @param description what it is for; may be empty
 * @param inputs names of its own for channels, each channel once
 * @param features what the model takes in and rules may look at
 * @param model name of the model that decides, where one does
 * @param rules in the order in which they are evaluated
 * @param upload what goes to the hub
 */
public record FlowDefinition(
    String name,
    String version,
    String description,
    Map<String, ChannelAddress> inputs,
    List<FeatureSpec> features,
    Optional<String> model,
    List<Rule> rules,
    Upload upload) {

  public FlowDefinition {
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    features = List.copyOf(features);
    rules = List.copyOf(rules);
  }
}
