package io.selvedge.sparkplug;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Rules of the specification by identifier, each with what asserts it. */
final class Rules {

  /** Asserts one rule. */
  interface Rule {
    void check() throws Exception;
  }

  private static final String PREFIX = "tck-id-";

  private final Map<String, Rule> byId = new LinkedHashMap<>();

  /**
   * Adds a rule by its identifier without {@code tck-id-}; several identifiers may say the same.
   */
  Rules add(String ids, Rule rule) {
    for (String id : ids.split(" ", -1)) {
      if (byId.put(PREFIX + id, rule) != null) {
        throw new IllegalArgumentException("rule [" + id + "] is there twice");
      }
    }
    return this;
  }

  Rules addAll(Rules others) {
    others.byId.forEach((id, rule) -> add(id.substring(PREFIX.length()), rule));
    return this;
  }

  Map<String, Rule> byId() {
    return Collections.unmodifiableMap(byId);
  }
}
