package io.selvedge.testkit;

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
   *     device_id}
   */
  public static <C> C of(Class<C> type, Map<String, ?> values) {
    return Converters.standardConverter().convert(values).to(type);
  }
}
