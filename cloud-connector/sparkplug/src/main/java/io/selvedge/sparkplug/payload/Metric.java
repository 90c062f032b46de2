package io.selvedge.sparkplug.payload;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One metric of a payload.
 *
 * @param name its name; births have it, data with aliases does not
 * @param alias the number that stands for the name
 * @param timestamp milliseconds since 1970, UTC
 * @param type number of its {@link DataType}; births have it
 * @param historical whether it is from before and says nothing of now
 * @param properties in the order in which they are sent
 * @param content its value; empty: null
 */
public record Metric(
    Optional<String> name,
    OptionalLong alias,
    OptionalLong timestamp,
    OptionalInt type,
    boolean historical,
    Map<String, Property> properties,
    Optional<Content> content) {

  public Metric {
    Objects.requireNonNull(name, "name must not be null; give an empty one");
    Objects.requireNonNull(content, "content must not be null; give an empty one");
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }

  /** With a name, a type and a value. */
  public static Metric of(String name, DataType type, long timestamp, Content content) {
    return new Metric(
        Optional.of(name),
        OptionalLong.empty(),
        OptionalLong.of(timestamp),
        OptionalInt.of(type.number()),
        false,
        Map.of(),
        Optional.of(content));
  }

  /** The same with properties. */
  public Metric withProperties(Map<String, Property> others) {
    return new Metric(name, alias, timestamp, type, historical, others, content);
  }

  /** For people: name or alias. */
  public String display() {
    return name.orElseGet(
        () -> alias.isPresent() ? "alias " + alias.getAsLong() : "without a name");
  }
}
