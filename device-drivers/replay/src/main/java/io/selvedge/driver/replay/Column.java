package io.selvedge.driver.replay;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A column of the file and the channel it is played as.
 *
 * @param name the column's name, or its number from 1
 * @param channel the channel
 */
record Column(String name, Channel channel) {

  private static final Set<String> ON = Set.of("1", "1.0", "true", "yes", "on");
  private static final Set<String> OFF = Set.of("0", "0.0", "false", "no", "off");
  private static final Set<String> NOTHING = Set.of("", "na", "n/a", "nan", "null");

  /**
   * Reads {@code column=channel:unit:kind}, several in each text.
   *
   * @throws IllegalArgumentException which is wrong, the rule and an example
   */
  static List<Column> parse(String[] mappings) {
    List<Column> columns = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (String mapping : String.join(",", mappings).split(",", -1)) {
      if (!mapping.isBlank()) {
        Column column = parse(mapping.strip());
        if (!ids.add(column.channel.id())) {
          throw new IllegalArgumentException(
              "columns: channel [" + column.channel.id() + "] comes twice; give each its own name");
        }
        columns.add(column);
      }
    }
    if (columns.isEmpty()) {
      throw new IllegalArgumentException(
          "columns [] must name at least one, for example [Temperature=temperature:Cel]");
    }
    return List.copyOf(columns);
  }

  private static Column parse(String mapping) {
    int equals = mapping.lastIndexOf('=');
    if (equals < 1 || equals == mapping.length() - 1) {
      throw new IllegalArgumentException(
          "columns: ["
              + mapping
              + "] must be column=channel:unit:kind, for example [Temperature=temperature:Cel]");
    }
    String[] parts = mapping.substring(equals + 1).split(":", -1);
    if (parts.length > 3) {
      throw new IllegalArgumentException(
          "columns: [" + mapping + "] has more than channel:unit:kind after its =");
    }
    String kind = parts.length < 3 || parts[2].isBlank() ? "decimal" : parts[2].strip();
    String unit = parts.length < 2 ? "1" : parts[1].strip();
    return new Column(
        mapping.substring(0, equals).strip(),
        new Channel(parts[0].strip(), unit, kind(mapping, kind), Channel.Access.READ));
  }

  private static Channel.Kind kind(String mapping, String kind) {
    for (Channel.Kind one : Channel.Kind.values()) {
      if (one.name().equalsIgnoreCase(kind)) {
        return one;
      }
    }
    throw new IllegalArgumentException(
        "columns: kind [" + kind + "] in [" + mapping + "] must be decimal, whole, flag or text");
  }

  /** What a field says; missing where it is empty or not of the column's kind. */
  Reading read(String field, long line) {
    String text = field.strip();
    if (channel.kind() == Channel.Kind.TEXT) {
      return new Reading(channel.id(), Value.of(text), java.util.Optional.empty());
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (NOTHING.contains(lower)) {
      return Reading.missing(
          channel.id(), Value.Reason.ABSENT, "line " + line + ": [" + text + "]");
    }
    try {
      return switch (channel.kind()) {
        case FLAG -> Reading.of(channel.id(), flag(lower));
        case WHOLE -> Reading.of(channel.id(), whole(text));
        case DECIMAL, TEXT -> Reading.of(channel.id(), Double.parseDouble(text));
      };
    } catch (IllegalArgumentException | ArithmeticException e) {
      return damaged(line, "[" + text + "] is not " + channel.kind());
    }
  }

  /** Missing, and why. */
  Reading damaged(long line, String seen) {
    return Reading.missing(channel.id(), Value.Reason.DAMAGED, "line " + line + ": " + seen);
  }

  private static boolean flag(String text) {
    if (ON.contains(text)) {
      return true;
    }
    if (OFF.contains(text)) {
      return false;
    }
    throw new IllegalArgumentException(text);
  }

  /** Also counts that were written with a fraction of zero. */
  private static long whole(String text) {
    return new java.math.BigDecimal(text).longValueExact();
  }
}
