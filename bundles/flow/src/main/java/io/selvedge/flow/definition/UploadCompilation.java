package io.selvedge.flow.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.flow.definition.Upload.Decisions;
import io.selvedge.flow.definition.Upload.Instead;
import io.selvedge.flow.definition.Upload.Limits;
import io.selvedge.flow.definition.Upload.Measurements;
import io.selvedge.flow.definition.Upload.Sent;
import io.selvedge.flow.expression.Names;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The part of {@link Compilation} that reads what goes up. Used once. */
final class UploadCompilation {

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final String AGGREGATE = "aggregate ";

  private final JsonNode node;
  private final Names names;
  private final List<Problem> problems;

  UploadCompilation(JsonNode node, Names names, List<Problem> problems) {
    this.node = node;
    this.names = names;
    this.problems = problems;
  }

  Upload run() {
    JsonNode measurements = node.path("measurements");
    JsonNode decisions = node.path("decisions");
    return new Upload(
        measurements(measurements, "$.upload.measurements"),
        sent(measurements, "$.upload.measurements"),
        limits(measurements, "$.upload.measurements"),
        decisions(decisions.path("policy").asText()),
        sent(decisions, "$.upload.decisions"),
        to());
  }

  private List<String> to() {
    List<String> to = new ArrayList<>();
    node.path("to").forEach(name -> to.add(name.asText()));
    return to.isEmpty() ? List.of(Uplink.HUB) : to;
  }

  private Limits limits(JsonNode part, String path) {
    return new Limits(
        part.has("budget")
            ? Optional.of(bytes(part.path("budget").asText()))
            : Limits.NONE.budget(),
        instead(part, path, "beyond"),
        instead(part, path, "on_slow"),
        instead(part, path, "on_metered"));
  }

  /** The schema has seen to the form: digits, then a unit. */
  private static long bytes(String text) {
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    long number = Long.parseLong(text.substring(0, digits));
    return switch (text.substring(digits).strip()) {
      case "kB" -> number * 1000;
      case "MB" -> number * 1000_000;
      case "GB" -> number * 1000_000_000;
      default -> number;
    };
  }

  private Instead instead(JsonNode part, String path, String field) {
    String text = part.path(field).asText("wait");
    if (text.equals("drop")) {
      return new Instead.Drop();
    }
    if (!text.startsWith(AGGREGATE)) {
      return new Instead.Wait();
    }
    return new Instead.Aggregate(
        duration(text.substring(AGGREGATE.length()), path + "." + field).orElse(SHORTEST));
  }

  private static Decisions decisions(String policy) {
    return switch (policy) {
      case "all" -> Decisions.ALL;
      case "change" -> Decisions.CHANGE;
      default -> Decisions.NONE;
    };
  }

  private Measurements measurements(JsonNode part, String path) {
    return switch (part.path("policy").asText("none")) {
      case "all" -> new Measurements.All();
      case "change" -> change(part, path);
      case "aggregate" ->
          new Measurements.Aggregate(duration(part, path, "every").orElse(SHORTEST));
      case "hard" -> {
        if (!names.model()) {
          problems.add(
              new Problem(
                  path + ".policy",
                  "[hard] needs a model; name one under [model] or use [change]"));
        }
        yield new Measurements.Hard(part.path("confidence").asDouble());
      }
      default -> new Measurements.None();
    };
  }

  private Measurements change(JsonNode part, String path) {
    Map<String, Double> deadband = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : part.path("deadband").properties()) {
      if (!names.inputs().contains(entry.getKey())) {
        problems.add(
            new Problem(
                path + ".deadband." + entry.getKey(),
                "["
                    + entry.getKey()
                    + "] is not an input; inputs are "
                    + names.inputs().stream().sorted().toList()));
      }
      deadband.put(entry.getKey(), entry.getValue().asDouble());
    }
    return new Measurements.Change(deadband, duration(part, path, "at_least"));
  }

  private Sent sent(JsonNode part, String path) {
    return new Sent(
        part.path("priority").asInt(Sent.DEFAULT.priority()),
        duration(part, path, "ttl").orElse(Duration.ZERO),
        part.path("qos").asInt(Sent.DEFAULT.qos()));
  }

  private Optional<Duration> duration(JsonNode part, String path, String field) {
    if (!part.has(field)) {
      return Optional.empty();
    }
    return duration(part.path(field).asText(), path + "." + field);
  }

  private Optional<Duration> duration(String text, String path) {
    try {
      Duration duration = Duration.parse(text);
      if (duration.compareTo(SHORTEST) >= 0) {
        return Optional.of(duration);
      }
    } catch (DateTimeException | ArithmeticException e) {
      // Does not fit into a duration: said below.
    }
    problems.add(
        new Problem(
            path, "[" + text + "] must be a duration of at least one second, for example [PT10M]"));
    return Optional.empty();
  }
}
