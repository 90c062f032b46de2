package io.selvedge.hub.ingest;

import io.selvedge.api.device.Value;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the store can hold. */
final class Limits {

  private static final String NUL = "\0"; // PostgreSQL has no such character in a text

  private Limits() {}

  static void text(String what, String text, int most) throws Refused {
    if (text.length() > most) {
      throw new Refused(
          "payload.too_large",
          what + " [" + cut(text, most) + "…] must have at most " + most + " characters");
    }
    if (text.contains(NUL)) {
      throw new Refused(
          "payload.malformed", what + " [" + clean(text) + "] must not hold the character U+0000");
    }
  }

  static void metrics(Map<String, Value> metrics, int most, int mostName, int mostText)
      throws Refused {
    if (metrics.size() > most) {
      throw new Refused(
          "payload.too_large", "[" + metrics.size() + "] metrics must be at most " + most);
    }
    for (Map.Entry<String, Value> entry : metrics.entrySet()) {
      text("metric name", entry.getKey(), mostName);
      if (entry.getValue().display().length() > mostText) {
        throw new Refused(
            "payload.too_large",
            "metric [" + entry.getKey() + "] must have at most " + mostText + " characters");
      }
    }
  }

  static Map<String, Value> clean(Map<String, Value> metrics) {
    Map<String, Value> clean = new LinkedHashMap<>();
    metrics.forEach(
        (name, value) ->
            clean.put(
                name,
                value.match(
                    d -> d,
                    w -> w,
                    f -> f,
                    t -> Value.of(clean(t.value())),
                    m -> Value.missing(m.reason(), clean(m.detail())))));
    return clean;
  }

  static String clean(String text) {
    return text.replace(NUL, "\uFFFD");
  }

  static String cut(String text, int most) {
    return clean(text.length() > most ? text.substring(0, most) : text);
  }
}
