package io.selvedge.console.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is sent back.
 *
 * @param status the HTTP status
 * @param type the content's type; empty where there is no body
 * @param body the content
 * @param headers further headers
 */
public record Answer(int status, String type, byte[] body, Map<String, String> headers) {

  public static final String JSON = "application/json";
  public static final String HTML = "text/html; charset=utf-8";

  public Answer {
    headers = Map.copyOf(headers);
  }

  public static Answer json(JsonNode body) {
    return json(200, body);
  }

  public static Answer json(int status, JsonNode body) {
    return new Answer(status, JSON, Json.write(body), Map.of());
  }

  public static Answer html(int status, String page) {
    return new Answer(status, HTML, page.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  public static Answer empty(int status) {
    return new Answer(status, "", new byte[0], Map.of());
  }

  /** Leads a browser to another path of this gateway. */
  public static Answer redirect(String path) {
    return empty(302).with("Location", path);
  }

  public Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, type, body, more);
  }
}
