package io.selvedge.protocol.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A trial's conditions as JSON. A field that is not known is refused: it would not be looked at.
 */
final class TrialJson {

  private static final String ROWS = "rows";
  private static final String SECONDS = "seconds";
  private static final String ERROR_RATE = "max_error_rate";
  private static final String LATENCY = "max_latency_p99_ms";
  private static final String MEMORY = "max_memory_mb";
  private static final String AGREEMENT = "min_agreement";
  private static final String INPUT_DRIFT = "max_input_drift";
  private static final String OUTPUT_DRIFT = "max_output_drift";
  private static final String ACCURACY = "min_accuracy";
  private static final String LABELS = "min_labels";
  private static final List<String> PHASE =
      List.of(
          ROWS,
          SECONDS,
          ERROR_RATE,
          LATENCY,
          MEMORY,
          AGREEMENT,
          INPUT_DRIFT,
          OUTPUT_DRIFT,
          ACCURACY,
          LABELS);
  private static final long MOST_ROWS = 1L << 40;
  private static final long MOST_SECONDS = 366L * 24 * 3600;

  private TrialJson() {}

  static Trial read(Fields trial) {
    trial.requireOnly(List.of("shadow", "live"));
    return new Trial(
        phase(trial, "shadow").map(f -> new Trial.Shadow(rows(f), seconds(f), conditions(f))),
        phase(trial, "live").map(f -> new Trial.Live(rows(f), seconds(f), conditions(f))));
  }

  static ObjectNode write(Trial trial) {
    ObjectNode json = Json.mapper().createObjectNode();
    trial
        .shadow()
        .ifPresent(s -> write(json.putObject("shadow"), s.rows(), s.seconds(), s.conditions()));
    trial
        .live()
        .ifPresent(l -> write(json.putObject("live"), l.rows(), l.seconds(), l.conditions()));
    return json;
  }

  private static Optional<Fields> phase(Fields trial, String name) {
    if (!trial.has(name)) {
      return Optional.empty();
    }
    Fields phase = trial.object(name);
    phase.requireOnly(PHASE);
    return Optional.of(phase);
  }

  private static OptionalLong rows(Fields phase) {
    return whole(phase, ROWS, MOST_ROWS);
  }

  private static OptionalLong seconds(Fields phase) {
    return whole(phase, SECONDS, MOST_SECONDS);
  }

  private static Trial.Conditions conditions(Fields phase) {
    return new Trial.Conditions(
        number(phase, ERROR_RATE),
        number(phase, LATENCY),
        number(phase, MEMORY),
        number(phase, AGREEMENT),
        number(phase, INPUT_DRIFT),
        number(phase, OUTPUT_DRIFT),
        number(phase, ACCURACY),
        whole(phase, LABELS, MOST_ROWS));
  }

  private static OptionalLong whole(Fields fields, String name, long most) {
    return fields.has(name) ? OptionalLong.of(fields.whole(name, 1, most)) : OptionalLong.empty();
  }

  private static OptionalDouble number(Fields fields, String name) {
    return fields.has(name) ? OptionalDouble.of(fields.number(name)) : OptionalDouble.empty();
  }

  private static void write(
      ObjectNode json, OptionalLong rows, OptionalLong seconds, Trial.Conditions conditions) {
    rows.ifPresent(value -> json.put(ROWS, value));
    seconds.ifPresent(value -> json.put(SECONDS, value));
    conditions.maxErrorRate().ifPresent(value -> json.put(ERROR_RATE, value));
    conditions.maxLatencyP99Ms().ifPresent(value -> json.put(LATENCY, value));
    conditions.maxMemoryMb().ifPresent(value -> json.put(MEMORY, value));
    conditions.minAgreement().ifPresent(value -> json.put(AGREEMENT, value));
    conditions.maxInputDrift().ifPresent(value -> json.put(INPUT_DRIFT, value));
    conditions.maxOutputDrift().ifPresent(value -> json.put(OUTPUT_DRIFT, value));
    conditions.minAccuracy().ifPresent(value -> json.put(ACCURACY, value));
    conditions.minLabels().ifPresent(value -> json.put(LABELS, value));
  }
}
