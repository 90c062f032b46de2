package io.selvedge.protocol.kura;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.protocol.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * {@link PayloadEncoding#SIMPLE_JSON} to payload. Fields that it does not know are skipped; an
 * object that has none of those it knows is somebody else's JSON, and becomes the body as it is.
 */
final class SimpleJsonReader {

  private static final int SHOWN = 80;

  private final byte[] plain;
  private boolean known;
  private Optional<Instant> timestamp = Optional.empty();
  private Optional<Position> position = Optional.empty();
  private final Map<String, Metric> metrics = new LinkedHashMap<>();
  private byte[] body = new byte[0];

  private SimpleJsonReader(byte[] plain) {
    this.plain = plain;
  }

  static KuraPayload read(byte[] plain) throws PayloadException {
    SimpleJsonReader reader = new SimpleJsonReader(plain);
    JsonNode tree = reader.tree();
    for (Map.Entry<String, JsonNode> field : tree.properties()) {
      reader.field(field.getKey(), field.getValue());
    }
    if (!reader.known && !tree.isEmpty()) {
      return new KuraPayload(Optional.empty(), Optional.empty(), Map.of(), plain);
    }
    return new KuraPayload(reader.timestamp, reader.position, reader.metrics, reader.body);
  }

  private JsonNode tree() throws PayloadException {
    try {
      return Json.mapper().readTree(plain);
    } catch (JsonProcessingException e) {
      throw damaged(e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw damaged(String.valueOf(e.getMessage()), e);
    }
  }

  private PayloadException damaged(String why, IOException cause) {
    return new PayloadException(
        "payload of [" + plain.length + "] bytes begins as JSON, but is none: " + why, cause);
  }

  private void field(String name, JsonNode value) throws PayloadException {
    boolean mine = true;
    if (name.equalsIgnoreCase(SimpleJson.SENT_ON)) {
      timestamp = Optional.of(instant(name, value));
    } else if (name.equalsIgnoreCase(SimpleJson.POSITION)) {
      position = readPosition(object(name, value));
    } else if (name.equalsIgnoreCase(SimpleJson.METRICS)) {
      for (Map.Entry<String, JsonNode> metric : object(name, value).properties()) {
        metrics.put(metric.getKey(), metric(metric.getKey(), metric.getValue()));
      }
    } else if (name.equalsIgnoreCase(SimpleJson.BODY)) {
      body = bytes(name, value);
    } else {
      mine = false;
    }
    known |= mine;
  }

  private static JsonNode object(String name, JsonNode value) throws PayloadException {
    if (!value.isObject()) {
      throw wrong(name, value, "must be an object in braces");
    }
    return value;
  }

  /** Whole milliseconds since 1970. */
  private static Instant instant(String name, JsonNode value) throws PayloadException {
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(name, value, "must be a whole number of milliseconds since 1970");
    }
    return Instant.ofEpochMilli(value.longValue());
  }

  private static byte[] bytes(String name, JsonNode value) throws PayloadException {
    if (!value.isTextual()) {
      throw wrong(name, value, "must be a text in Base64");
    }
    try {
      return Base64.getDecoder().decode(value.textValue());
    } catch (IllegalArgumentException e) {
      throw wrong(name, value, "must be Base64: " + e.getMessage());
    }
  }

  private static Metric metric(String name, JsonNode value) throws PayloadException {
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return Metric.of(value.longValue());
    }
    if (value.isNumber()) {
      return Metric.of(value.doubleValue());
    }
    if (value.isBoolean()) {
      return Metric.of(value.booleanValue());
    }
    if (value.isTextual()) {
      return Metric.of(value.textValue());
    }
    throw wrong("metric " + name, value, "must be a number, true, false, or a text in quotes");
  }

  /** Without both coordinates there is no position; a name that is not known is skipped. */
  private static Optional<Position> readPosition(JsonNode object) throws PayloadException {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!field.getValue().isNumber()) {
        throw wrong("position." + field.getKey(), field.getValue(), "must be a number");
      }
      fields.put(field.getKey().toLowerCase(Locale.ROOT), field.getValue());
    }
    OptionalDouble latitude = number(fields, SimpleJson.LATITUDE);
    OptionalDouble longitude = number(fields, SimpleJson.LONGITUDE);
    if (latitude.isEmpty() || longitude.isEmpty()) {
      return Optional.empty();
    }
    JsonNode time = fields.get(SimpleJson.TIMESTAMP);
    return Optional.of(
        new Position(
            latitude.getAsDouble(),
            longitude.getAsDouble(),
            number(fields, SimpleJson.ALTITUDE),
            number(fields, SimpleJson.PRECISION),
            number(fields, SimpleJson.HEADING),
            number(fields, SimpleJson.SPEED),
            time == null ? Optional.empty() : Optional.of(instant("position.timestamp", time)),
            whole(fields, SimpleJson.SATELLITES),
            whole(fields, SimpleJson.STATUS)));
  }

  private static OptionalDouble number(Map<String, JsonNode> fields, String name) {
    JsonNode value = fields.get(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value.doubleValue());
  }

  private static OptionalInt whole(Map<String, JsonNode> fields, String name) {
    JsonNode value = fields.get(name);
    return value == null ? OptionalInt.empty() : OptionalInt.of(value.intValue());
  }

  private static PayloadException wrong(String name, JsonNode value, String rule) {
    String text = value.isTextual() ? value.textValue() : value.toString();
    String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    return new PayloadException(name + " [" + cut + "] " + rule);
  }
}
