package io.selvedge.api.flow;

import io.selvedge.api.device.Command;
import io.selvedge.api.model.ModelRef;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One result acted upon, traceable to its model and its measurements.
 *
 * @param flow the flow's name
 * @param flowVersion the flow's version
 * @param time of the row that was decided upon
 * @param model the model that ran; empty where only rules did
 * @param features name to value, what the decision was taken on
 * @param outputs the model's outputs by name; empty without a model
 * @param rules names of the rules that held
 * @param commands what was asked of devices
 * @param placement where it was decided
 * @param trace nanoseconds by part: {@code queue}, {@code pre}, {@code edge}, {@code act}
 */
public record Decision(
    String flow,
    String flowVersion,
    Instant time,
    Optional<ModelRef> model,
    Map<String, Double> features,
    Map<String, Double> outputs,
    List<String> rules,
    List<Command> commands,
    Placement placement,
    Map<String, Long> trace) {

  /** Where a decision is taken. */
  public enum Placement {
    EDGE,
    CLOUD,
    BOTH
  }

  public Decision {
    Objects.requireNonNull(flow, "flow must not be null");
    Objects.requireNonNull(time, "time must not be null");
    Objects.requireNonNull(model, "model must not be null; give an empty one");
    features = Map.copyOf(features);
    outputs = Map.copyOf(outputs);
    rules = List.copyOf(rules);
    commands = List.copyOf(commands);
    trace = Map.copyOf(trace);
  }
}
