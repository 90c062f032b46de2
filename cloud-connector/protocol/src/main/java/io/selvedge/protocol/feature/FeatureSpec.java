package io.selvedge.protocol.feature;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The definition of one feature: {@code {"name":"t_10m","of":"t","op":"slope","window":"PT10M"}}.
 * Two definitions are the same where they are equal; {@link #canonical()} is the same text for
 * both.
 *
 * @param name lower_snake_case, at most 64 characters
 * @param of name of the input; present exactly where the op needs one
 * @param op how it is computed
 * @param window how far it looks back, one second to seven days, whole milliseconds; present
 *     exactly where the op needs one
 */
public record FeatureSpec(
    String name, Optional<String> of, FeatureOp op, Optional<Duration> window) {

  /** Shortest window. */
  public static final Duration SHORTEST = Duration.ofSeconds(1);

  /** Longest window. */
  public static final Duration LONGEST = Duration.ofDays(7);

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  public FeatureSpec {
    Objects.requireNonNull(op, "op must not be null");
    requireName(name, "feature name");
    of.ifPresent(input -> requireName(input, "feature [" + name + "]: of"));
    requireFits(name, "of", op.needsInput(), of, op);
    requireFits(name, "window", op.needsWindow(), window, op);
    window.ifPresent(w -> requireRange(name, w));
  }

  /** An op without an input: time of day, weekend. */
  public static FeatureSpec of(String name, FeatureOp op) {
    return new FeatureSpec(name, Optional.empty(), op, Optional.empty());
  }

  /** The newest value of an input. */
  public static FeatureSpec last(String name, String input) {
    return new FeatureSpec(name, Optional.of(input), FeatureOp.LAST, Optional.empty());
  }

  /** An op over a window of an input. */
  public static FeatureSpec of(String name, String input, FeatureOp op, Duration window) {
    return new FeatureSpec(name, Optional.of(input), op, Optional.of(window));
  }

  /**
   * Reads the JSON form; Jackson calls it.
   *
   * @throws IllegalArgumentException a part is missing, unknown, out of range or one too many
   */
  @JsonCreator
  public static FeatureSpec parse(
      @JsonProperty("name") @Nullable String name,
      @JsonProperty("of") @Nullable String of,
      @JsonProperty("op") @Nullable String op,
      @JsonProperty("window") @Nullable String window) {
    if (name == null || op == null) {
      throw new IllegalArgumentException(
          "feature ["
              + (name == null ? "" : name)
              + "] must have a name and an op, for example"
              + " {\"name\":\"t_10m\",\"of\":\"t\",\"op\":\"mean\",\"window\":\"PT10M\"}");
    }
    FeatureOp known;
    try {
      known = FeatureOp.parse(op);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("feature [" + name + "]: " + e.getMessage(), e);
    }
    return new FeatureSpec(
        name,
        Optional.ofNullable(of),
        known,
        Optional.ofNullable(window).map(text -> parseWindow(name, text)));
  }

  /** The JSON form, for Jackson: only the parts that are there, always in the same order. */
  @JsonValue
  public Map<String, String> json() {
    Map<String, String> json = new LinkedHashMap<>();
    json.put("name", name);
    of.ifPresent(input -> json.put("of", input));
    json.put("op", op.json());
    window.ifPresent(w -> json.put("window", w.toString()));
    return json;
  }

  /** The JSON form as text without white space; equal definitions give equal texts. */
  public String canonical() {
    // No part can hold a character that JSON would escape.
    return json().entrySet().stream()
        .map(e -> "\"" + e.getKey() + "\":\"" + e.getValue() + "\"")
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static Duration parseWindow(String name, String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "feature ["
              + name
              + "]: window ["
              + text
              + "] must be an ISO-8601 duration, for example [PT10M]",
          e);
    }
  }

  private static void requireName(String name, String what) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          what
              + " ["
              + name
              + "] must be lower_snake_case with at most 64 characters, for example"
              + " [temperature_10m]");
    }
  }

  private static void requireFits(
      String name, String part, boolean needed, Optional<?> there, FeatureOp op) {
    if (needed && there.isEmpty()) {
      throw new IllegalArgumentException(
          "feature [" + name + "]: op [" + op.json() + "] needs [" + part + "]; add it");
    }
    if (!needed && there.isPresent()) {
      throw new IllegalArgumentException(
          "feature ["
              + name
              + "]: op ["
              + op.json()
              + "] takes no ["
              + part
              + "], but has ["
              + there.get()
              + "]; leave it out");
    }
  }

  private static void requireRange(String name, Duration window) {
    if (window.compareTo(SHORTEST) < 0
        || window.compareTo(LONGEST) > 0
        || window.toNanosPart() % 1_000_000 != 0) {
      throw new IllegalArgumentException(
          "feature ["
              + name
              + "]: window ["
              + window
              + "] must be between PT1S and P7D, in whole milliseconds");
    }
  }
}
