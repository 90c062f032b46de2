package io.selvedge.hub.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A limit for a figure that gateways report of a trial. A figure that was not measured breaks it:
 * nothing succeeds for want of evidence.
 *
 * @param figure as gateways name it: {@code agreement}
 * @param atLeast true: the value is the least; false: the most
 */
public record FigureLimit(String figure, boolean atLeast, double value) {

  /** Figures that gateways report. */
  static final Set<String> FIGURES =
      Set.of(
          "rows",
          "errors",
          "error_rate",
          "latency_p99_ms",
          "memory_mb",
          "agreement",
          "input_drift",
          "output_drift",
          "accuracy",
          "labels");

  /**
   * Reads an object such as {@code {"min_agreement": 0.9, "max_latency_p99_ms": 40}}.
   *
   * @throws IllegalArgumentException what is wrong with it
   */
  static List<FigureLimit> parse(Fields group, String name) {
    List<FigureLimit> limits = new ArrayList<>();
    Fields fields = group.object(name);
    group
        .raw(name)
        .fieldNames()
        .forEachRemaining(key -> limits.add(limit(key, fields.number(key), fields.path())));
    return limits;
  }

  private static FigureLimit limit(String key, double value, String path) {
    boolean least = key.startsWith("min_");
    String figure = key.length() > 4 ? key.substring(4) : "";
    if (!(least || key.startsWith("max_")) || !FIGURES.contains(figure)) {
      throw new IllegalArgumentException(
          path
              + " ["
              + key
              + "] must be min_ or max_ followed by one of "
              + FIGURES.stream().sorted().toList());
    }
    return new FigureLimit(figure, least, value);
  }

  static ObjectNode toJson(List<FigureLimit> limits) {
    ObjectNode json = Json.mapper().createObjectNode();
    limits.forEach(limit -> json.put(limit.key(), limit.value()));
    return json;
  }

  private String key() {
    return (atLeast ? "min_" : "max_") + figure;
  }

  /** Why a trial's figures break it; empty where they keep to it. */
  Optional<String> brokenBy(JsonNode trial) {
    JsonNode measured = trial.path(figure);
    if (!measured.isNumber()) {
      return Optional.of(figure + " was not measured, and " + rule());
    }
    double is = measured.doubleValue();
    boolean kept = atLeast ? is >= value : is <= value;
    return kept
        ? Optional.empty()
        : Optional.of(String.format(Locale.ROOT, "%s [%s] %s", figure, plain(is), rule()));
  }

  private String rule() {
    return "must be " + (atLeast ? "at least " : "at most ") + plain(value);
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }
}
