package io.selvedge.sparkplug;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.selvedge.api.device.Value;
import io.selvedge.protocol.json.Json;
import io.selvedge.sparkplug.payload.Content;
import io.selvedge.sparkplug.payload.DataSet;
import io.selvedge.sparkplug.payload.DataType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** What a message says, by name of metric. */
final class Readings {

  private static final long LARGEST_EXACT = 1L << 53;

  private Readings() {}

  /**
   * Reads it.
   *
   * @param complex whether aggregates become templates, and JSON data sets
   */
  static Map<String, Reading> of(StoredMessage message, boolean complex) {
    Map<String, Reading> readings = new TreeMap<>();
    Map<String, Value> values = message.values();
    values.forEach((name, value) -> readings.put(name, new Reading.Plain(value)));
    if (complex) {
      for (String name : values.keySet()) {
        aggregate(name, values)
            .ifPresent(
                found -> {
                  Aggregate.MEMBERS.forEach(part -> readings.remove(found.channel() + '.' + part));
                  readings.put(found.channel() + Aggregate.SUFFIX, new Reading.Aggregated(found));
                });
      }
      message
          .textName()
          .ifPresent(name -> table(message.body()).ifPresent(table -> readings.put(name, table)));
    }
    return readings;
  }

  /** The aggregate of which this is the count. */
  private static Optional<Aggregate> aggregate(String name, Map<String, Value> values) {
    String count = '.' + Aggregate.MEMBERS.get(0);
    if (!name.endsWith(count) || name.length() == count.length()) {
      return Optional.empty();
    }
    String channel = name.substring(0, name.length() - count.length());
    Map<String, Value> parts = new LinkedHashMap<>();
    for (String member : Aggregate.MEMBERS) {
      Value value = values.get(channel + '.' + member);
      if (value == null || value.number().isEmpty()) {
        return Optional.empty();
      }
      parts.put(member, value);
    }
    boolean whole = values.get(name) instanceof Value.Whole;
    return whole ? Optional.of(new Aggregate(channel, parts)) : Optional.empty();
  }

  /** An object, or several with the same names in them; nothing else. */
  private static Optional<Reading.Table> table(byte[] body) {
    JsonNode json;
    try {
      json = Json.mapper().readTree(body);
    } catch (IOException e) {
      return Optional.empty(); // a text like any other
    }
    List<Map<String, JsonNode>> rows = new ArrayList<>();
    for (JsonNode one : json.isArray() ? json : List.of(json)) {
      Map<String, JsonNode> row = new LinkedHashMap<>();
      if (!one.isObject() || !flatten("", one, row)) {
        return Optional.empty();
      }
      rows.add(row);
    }
    if (rows.isEmpty() || rows.get(0).isEmpty()) {
      return Optional.empty();
    }
    List<String> columns = List.copyOf(rows.get(0).keySet());
    boolean alike = rows.stream().allMatch(row -> row.keySet().equals(rows.get(0).keySet()));
    return alike
        ? Optional.of(
            new Reading.Table(table(columns, rows), new String(body, StandardCharsets.UTF_8)))
        : Optional.empty();
  }

  /**
   * Objects within become columns with their name in front, lists the text of their JSON.
   *
   * @return false where there is a null, for which a data set has no word, or a name twice
   */
  private static boolean flatten(String before, JsonNode object, Map<String, JsonNode> row) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = before + field.getKey();
      JsonNode value = field.getValue();
      if (value.isObject()) {
        if (!flatten(name + '.', value, row)) {
          return false;
        }
      } else {
        JsonNode plain = value.isArray() ? TextNode.valueOf(value.toString()) : value;
        if (value.isNull() || row.put(name, plain) != null) {
          return false;
        }
      }
    }
    return true;
  }

  private static DataSet table(List<String> columns, List<Map<String, JsonNode>> rows) {
    List<DataType> types =
        columns.stream()
            .map(column -> type(rows.stream().map(row -> row.get(column)).toList()))
            .toList();
    List<List<Content>> contents = new ArrayList<>();
    for (Map<String, JsonNode> row : rows) {
      List<Content> content = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        content.add(content(Objects.requireNonNull(row.get(columns.get(i))), types.get(i)));
      }
      contents.add(content);
    }
    return new DataSet(columns, types, contents);
  }

  /** That holds them all. */
  private static DataType type(List<JsonNode> values) {
    if (values.stream().allMatch(JsonNode::isBoolean)) {
      return DataType.BOOLEAN;
    }
    if (values.stream().allMatch(one -> one.isIntegralNumber() && one.canConvertToLong())) {
      return DataType.INT64;
    }
    return values.stream().allMatch(Readings::isDecimal) ? DataType.DOUBLE : DataType.STRING;
  }

  /** Whether a decimal number holds it as it is. */
  private static boolean isDecimal(JsonNode value) {
    return value.isIntegralNumber()
        ? value.canConvertToLong() && Math.abs(value.longValue()) <= LARGEST_EXACT
        : value.isNumber() && Double.isFinite(value.doubleValue());
  }

  private static Content content(JsonNode value, DataType type) {
    return switch (type) {
      case BOOLEAN -> new Content.Bool(value.booleanValue());
      case INT64 -> new Content.Int64(value.longValue());
      case DOUBLE -> new Content.Double64(value.doubleValue());
      default -> new Content.Text(value.asText());
    };
  }
}
