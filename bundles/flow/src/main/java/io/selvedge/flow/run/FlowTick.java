package io.selvedge.flow.run;

import io.selvedge.api.device.Command;
import io.selvedge.api.event.Event;
import io.selvedge.api.flow.Decision;
import io.selvedge.api.model.Prediction;
import io.selvedge.flow.definition.FlowDefinition;
import io.selvedge.flow.expression.Scope;
import io.selvedge.protocol.feature.FeatureComputer;
import io.selvedge.protocol.feature.FeatureSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one version of a flow does with one row: values, features, model, rules, commands, upload.
 * Nothing is parsed or compiled here. One thread.
 */
final class FlowTick {

  private final FlowDefinition definition;
  private final Surroundings around;
  private final Condition waiting;
  private final Scope scope = new Scope();
  private final Inputs inputs;
  private final FeatureComputer features;
  private final float[] row;
  private final Optional<ModelGate> gate;
  private final List<RuleRun> rules;
  private final Commands commands;
  private final RowUpload measurements;
  private final DecisionUpload decisions;

  /**
   * @param before the version that ran until now: its windows go on where they mean the same
   */
  FlowTick(
      FlowDefinition definition,
      Optional<FlowTick> before,
      Surroundings around,
      Outlet outlet,
      Condition waiting) {
    this.definition = definition;
    this.around = around;
    this.waiting = waiting;
    inputs = new Inputs(definition.inputs());
    features =
        before
            .filter(tick -> sameWindows(tick.definition, definition))
            .map(tick -> tick.features)
            .orElseGet(() -> new FeatureComputer(definition.features()));
    row = new float[definition.features().size()];
    gate =
        definition
            .model()
            .map(m -> new ModelGate(definition.name(), m, definition.features(), around.models()));
    rules =
        definition.rules().stream()
            .map(rule -> new RuleRun(definition, rule, around, outlet))
            .toList();
    commands = new Commands(definition.name(), around);
    measurements = new RowUpload(definition.upload(), outlet, around);
    decisions = new DecisionUpload(definition.upload(), outlet);
  }

  FlowDefinition definition() {
    return definition;
  }

  boolean reads(String device) {
    return inputs.reads(device);
  }

  /** Takes one row in; empty where there is no decision, and then the condition says why. */
  Optional<Decision> tick(Row next) {
    long begin = around.nanos().getAsLong();
    Instant time = next.measurements().get(0).time();
    long millis = time.toEpochMilli();
    inputs.take(next, millis, scope, features);
    scope.at(time);
    if (!features.compute(millis, row)) {
      waiting.begins(
          Event.Severity.INFO, "flow.waiting", features.missing().orElse("a feature is missing"));
      measurements.row(inputs.brought(), millis, OptionalDouble.empty());
      return Optional.empty();
    }
    showFeatures();
    long computed = around.nanos().getAsLong();
    Optional<Prediction> prediction = predict();
    List<RuleRun> hold = hold();
    long decided = around.nanos().getAsLong();
    hold.forEach(rule -> rule.act(scope, time, commands));
    List<Command> sent = commands.send();
    long acted = around.nanos().getAsLong();
    Decision decision =
        new Decision(
            definition.name(),
            definition.version(),
            time,
            prediction.map(Prediction::model),
            scope.features(),
            scope.outputs(),
            hold.isEmpty() ? List.of() : hold.stream().map(RuleRun::name).toList(),
            sent,
            Decision.Placement.EDGE,
            Map.of(
                "queue", begin - next.queued(),
                "pre", computed - begin,
                "edge", decided - computed,
                "act", acted - decided));
    measurements.row(inputs.brought(), millis, highest());
    decisions.decided(decision);
    return Optional.of(decision);
  }

  private List<RuleRun> hold() {
    return rules.isEmpty() ? rules : rules.stream().filter(rule -> rule.holds(scope)).toList();
  }

  private void showFeatures() {
    for (int i = 0; i < row.length; i++) {
      scope.features().put(definition.features().get(i).name(), features.value(i));
    }
  }

  /** Sends what has been gathered; this version runs no more. */
  void close() {
    measurements.close();
  }

  private Optional<Prediction> predict() {
    if (gate.isEmpty()) {
      scope.noModel("");
      decides();
      return Optional.empty();
    }
    Optional<Prediction> prediction = gate.get().predict(row);
    if (prediction.isEmpty()) {
      scope.noModel(definition.model().orElse(""));
      waiting.begins(gate.get().severity(), "flow.waiting", gate.get().reason());
      return prediction;
    }
    Prediction result = prediction.get();
    scope.model(result.model().name(), result.model().version());
    scope.outputs().clear();
    for (int i = 0; i < result.outputs().size(); i++) {
      scope.outputs().put(result.outputs().get(i), shortest(result.rows()[0][i]));
    }
    decides();
    return prediction;
  }

  private void decides() {
    waiting.ends("flow.decides", "flow [" + definition.name() + "] decides as declared");
  }

  private OptionalDouble highest() {
    return scope.outputs().isEmpty()
        ? OptionalDouble.empty()
        : scope.outputs().values().stream().mapToDouble(Double::doubleValue).max();
  }

  /** The double that reads as the float does: 0.93, not 0.9300000071525574. */
  private static double shortest(float value) {
    return Double.parseDouble(Float.toString(value));
  }

  private static boolean sameWindows(FlowDefinition a, FlowDefinition b) {
    return a.features().equals(b.features()) && channels(a).equals(channels(b));
  }

  private static List<Object> channels(FlowDefinition definition) {
    List<Object> channels = new ArrayList<>();
    Map<String, Object> inputs = new HashMap<>(definition.inputs());
    for (FeatureSpec spec : definition.features()) {
      spec.of().map(inputs::get).ifPresent(channels::add);
    }
    return channels;
  }
}
