package io.selvedge.console.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Fields as queries and forms carry them: {@code a=1&b=2}. */
public final class Forms {

  private Forms() {}

  /** The first value of each field; a field that is damaged is left out. */
  public static Map<String, String> parse(String text) {
    Map<String, String> fields = new HashMap<>();
    for (String field : text.split("&", -1)) {
      int equals = field.indexOf('=');
      if (equals > 0) {
        try {
          fields.putIfAbsent(
              decode(field.substring(0, equals)), decode(field.substring(equals + 1)));
        } catch (IllegalArgumentException e) {
          // A percent sign without its digits: nothing that could be meant is lost.
        }
      }
    }
    return fields;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
