package io.selvedge.core;

import io.selvedge.api.device.ChannelAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a driver's service properties ask for.
 *
 * @param id the device's id
 * @param driver symbolic name of the driver's bundle
 * @param bus whose thread calls it; the device's id where it has a thread of its own
 * @param interval time between two reads
 * @param deadline longest time for one call
 */
record DeviceSettings(String id, String driver, String bus, Duration interval, Duration deadline) {

  static final long DEFAULT_INTERVAL_MS = 1_000;
  static final long DEFAULT_DEADLINE_MS = 5_000;
  private static final long DAY_MS = 86_400_000;

  /**
   * Reads service properties.
   *
   * @throws IllegalArgumentException what is wrong, with the value, the rule and the remedy
   */
  static DeviceSettings of(String driver, Map<String, ?> properties) {
    String id =
        text(properties, "device.id")
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "driver ["
                            + driver
                            + "] is registered without the property device.id; give each of its"
                            + " configurations one, for example [boiler-2]"));
    ChannelAddress.requireDeviceId(id);
    return new DeviceSettings(
        id,
        driver,
        text(properties, "bus").orElse(id),
        millis(properties, "interval.ms", DEFAULT_INTERVAL_MS, 1),
        millis(properties, "deadline.ms", DEFAULT_DEADLINE_MS, 10));
  }

  private static Optional<String> text(Map<String, ?> properties, String key) {
    return Optional.ofNullable(properties.get(key))
        .map(value -> value.toString().strip())
        .filter(value -> !value.isEmpty());
  }

  private static Duration millis(
      Map<String, ?> properties, String key, long otherwise, long least) {
    String value = text(properties, key).orElse(Long.toString(otherwise));
    try {
      long millis = Long.parseLong(value);
      if (millis >= least && millis <= DAY_MS) {
        return Duration.ofMillis(millis);
      }
    } catch (NumberFormatException e) {
      // falls through to the one message for both faults
    }
    throw new IllegalArgumentException(
        key
            + " ["
            + value
            + "] must be a whole number of milliseconds from "
            + least
            + " to "
            + DAY_MS
            + "; leave it out for "
            + otherwise);
  }
}
