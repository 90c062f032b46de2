package io.selvedge.protocol.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads the fields of a JSON object that a person or another machine wrote, and says exactly what
 * is wrong: every method throws an {@link IllegalArgumentException} that names the field by its
 * path, the value in brackets, and the rule.
 */
public final class Fields {

  private static final int SHOWN = 80;

  private final String path;
  private final JsonNode node;

  private Fields(String path, JsonNode node) {
    this.path = path;
    this.node = node;
  }

  /**
   * Reads a text that must be one JSON object.
   *
   * @param what what is read, for the messages: {@code model.json}
   */
  public static Fields parse(String what, byte[] json) {
    JsonNode tree;
    try {
      tree = Json.mapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          what + " is not JSON: " + e.getOriginalMessage() + where(e), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(what + " is not JSON: " + e.getMessage(), e);
    }
    return object(what, "", tree);
  }

  private static String where(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : ", at line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
  }

  private static Fields object(String what, String path, JsonNode node) {
    if (!node.isObject()) {
      throw new IllegalArgumentException(
          what + " " + shown(node) + " must be a JSON object in braces");
    }
    return new Fields(path, node);
  }

  public boolean has(String name) {
    return !node.path(name).isMissingNode() && !node.path(name).isNull();
  }

  /** Refuses fields of other names, where one that is misspelt must not be passed over. */
  public void requireOnly(List<String> names) {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!names.contains(name)) {
                throw new IllegalArgumentException(at(name) + " is not known; known are " + names);
              }
            });
  }

  public String text(String name) {
    JsonNode value = need(name);
    if (!value.isTextual()) {
      throw wrong(name, value, "must be a text in quotes");
    }
    return value.textValue();
  }

  /** A text that matches, or what it has to look like. */
  public String text(String name, Pattern pattern, String rule) {
    String value = text(name);
    if (!pattern.matcher(value).matches()) {
      throw wrong(name, node.path(name), rule);
    }
    return value;
  }

  public String textOr(String name, String otherwise) {
    return has(name) ? text(name) : otherwise;
  }

  public long whole(String name, long from, long to) {
    JsonNode value = need(name);
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < from
        || value.longValue() > to) {
      throw wrong(name, value, "must be a whole number from " + from + " to " + to);
    }
    return value.longValue();
  }

  public double number(String name) {
    return finite(at(name), need(name));
  }

  public Instant instant(String name) {
    try {
      return Instant.parse(text(name));
    } catch (DateTimeException e) {
      throw wrong(
          name, node.path(name), "must be a time in UTC, for example \"2026-01-31T12:00:00Z\"");
    }
  }

  /** One of an enum's names, as they are written there. */
  public <E extends Enum<E>> E oneOf(String name, Class<E> type) {
    String value = text(name);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(value)) {
        return constant;
      }
    }
    throw wrong(
        name, node.path(name), "must be one of " + List.of(type.getEnumConstants()).toString());
  }

  public Fields object(String name) {
    JsonNode value = need(name);
    return object(at(name), at(name), value);
  }

  /** A list of objects with at least one. */
  public List<Fields> objects(String name) {
    List<Fields> fields = new ArrayList<>();
    JsonNode list = list(name);
    for (int i = 0; i < list.size(); i++) {
      String at = at(name) + "[" + i + "]";
      fields.add(object(at, at, list.get(i)));
    }
    return fields;
  }

  /** A list of texts with at least one. */
  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : list(name)) {
      if (!value.isTextual()) {
        throw wrong(name, value, "must hold texts in quotes");
      }
      texts.add(value.textValue());
    }
    return texts;
  }

  /** A list of finite numbers with at least one, as single precision. */
  public float[] floats(String name) {
    JsonNode list = list(name);
    float[] floats = new float[list.size()];
    for (int i = 0; i < floats.length; i++) {
      String at = at(name) + "[" + i + "]";
      floats[i] = (float) finite(at, list.get(i));
      if (!Float.isFinite(floats[i])) {
        throw wrong(at, list.get(i), "must fit in single precision");
      }
    }
    return floats;
  }

  /** The value as JSON, for readers of their own. */
  public JsonNode raw(String name) {
    return need(name);
  }

  /** Where this object stands, for messages: {@code features[2]}; empty at the top. */
  public String path() {
    return path;
  }

  private JsonNode list(String name) {
    JsonNode value = need(name);
    if (!value.isArray() || value.isEmpty()) {
      throw wrong(name, value, "must be a list in brackets with at least one entry");
    }
    return value;
  }

  private static double finite(String at, JsonNode value) {
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw new IllegalArgumentException(at + " " + shown(value) + " must be a number");
    }
    return value.doubleValue();
  }

  private JsonNode need(String name) {
    JsonNode value = node.path(name);
    if (value instanceof MissingNode || value.getNodeType() == JsonNodeType.NULL) {
      throw new IllegalArgumentException(at(name) + " is missing; add it");
    }
    return value;
  }

  private String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private IllegalArgumentException wrong(String name, JsonNode value, String rule) {
    String at = name.indexOf('[') >= 0 ? name : at(name);
    return new IllegalArgumentException(at + " " + shown(value) + " " + rule);
  }

  private static String shown(JsonNode value) {
    String text = value.isTextual() ? value.textValue() : value.toString();
    String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    return String.format(Locale.ROOT, "[%s]", cut);
  }
}
