package io.selvedge.hub.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;

/** JSON in and out. */
final class Answers {

  private Answers() {}

  static ObjectNode object() {
    return Json.mapper().createObjectNode();
  }

  static ArrayNode array() {
    return Json.mapper().createArrayNode();
  }

  static void json(Context request, Object value) {
    request.contentType("application/json").result(Json.bytes(value));
  }

  static void error(Context request, int status, String code, String message) {
    json(request.status(status), object().put("code", code).put("message", message));
  }

  /** What was stored as JSON, as JSON again. */
  static ObjectNode stored(String json) {
    try {
      return (ObjectNode) Json.mapper().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException("stored JSON is not readable", e);
    }
  }

  static Fields body(Context request) {
    byte[] bytes = request.bodyAsBytes();
    if (bytes.length == 0) {
      throw RestException.badRequest("body is empty; send a JSON object");
    }
    return Fields.parse("body", bytes);
  }
}
