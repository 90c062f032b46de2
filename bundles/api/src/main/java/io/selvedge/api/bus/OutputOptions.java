package io.selvedge.api.bus;

import java.util.Objects;

/**
 * How a line is driven.
 *
 * @param initial what it is set to when it is taken
 * @param activeLow whether on means low
 * @param drive how it is driven
 */
public record OutputOptions(Initial initial, boolean activeLow, Drive drive) {

  /** What a line is set to when it is taken. */
  public enum Initial {
    OFF,
    ON,
    /** As it is: a driver that is replaced does not make a relay click. */
    KEEP
  }

  /** How a line is driven. */
  public enum Drive {
    PUSH_PULL,
    OPEN_DRAIN,
    OPEN_SOURCE
  }

  public OutputOptions {
    Objects.requireNonNull(initial, "initial must not be null; give KEEP");
    Objects.requireNonNull(drive, "drive must not be null; give PUSH_PULL");
  }

  /** Driven both ways, on means high, as it is at first. */
  public static OutputOptions plain() {
    return new OutputOptions(Initial.KEEP, false, Drive.PUSH_PULL);
  }
}
