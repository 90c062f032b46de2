package io.selvedge.testkit;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.osgi.util.converter.Converters;

/** Configuration annotations as the runtime makes them, without a runtime. */
public final class Configs {

  private Configs() {}

  /**
   * An instance of a component's configuration annotation, with the annotation's own defaults for
   * what the map leaves out: {@code Configs.of(Tmp102Config.class, Map.of("device.id", "hall"))}.
   *
   * @param values by the names that a configuration file has: {@code device.id}, not {@code
   *     device_id}; a path or another object stands for its text
   */
  public static <C> C of(Class<C> type, Map<String, ?> values) {
    Map<String, Object> settings = new HashMap<>(values);
    settings.replaceAll((name, value) -> asInAFile(value));
    return Converters.standardConverter().convert(settings).to(type);
  }

  /** The converter would take what has getters for a map. */
  private static Object asInAFile(Object value) {
    boolean plain =
        value instanceof Number
            || value instanceof Boolean
            || value instanceof Collection
            || value.getClass().isArray();
    return plain ? value : value.toString();
  }
}
