package io.selvedge.console.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/** Reads and writes JSON. Input is bounded: 1 MB by {@link Call#bytes}, 16 levels by the parser. */
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(16)
                          .maxNumberLength(64)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  public static byte[] write(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** JSON text that this gateway wrote itself; text that is none becomes a text node. */
  public static JsonNode parse(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.textNode(text);
    }
  }

  /**
   * The body as an object.
   *
   * @throws Refusal it is not declared as JSON, is not well formed or is no object
   */
  public static ObjectNode readObject(Call call) throws Refusal, IOException {
    String type = call.header("content-type").orElse(Answer.JSON).toLowerCase(Locale.ROOT);
    if (!type.startsWith(Answer.JSON)) {
      throw new Refusal(
          415,
          "body.wrong_type",
          "content type ["
              + brief(type)
              + "] must be application/json; with curl add -H"
              + " 'Content-Type: application/json'");
    }
    byte[] bytes = call.bytes();
    JsonNode node;
    try {
      node = MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new Refusal(
          400,
          "body.not_json",
          "the body is not well-formed JSON" + at(e) + ": " + brief(e.getOriginalMessage()),
          e);
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw Refusal.badRequest(
        "body.not_an_object",
        "the body ["
            + brief(node.toString())
            + "] must be a JSON object, for example {\"value\": 1}");
  }

  private static String at(JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    return location == null // where a limit is passed
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  /** A value as it may stand in a message: one line, at most 60 characters. */
  public static String brief(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= 60 ? line : line.substring(0, 59) + "…";
  }
}
