package io.selvedge.api.bus;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A bus that is there.
 *
 * @param kind what it carries
 * @param name its stable name, for a driver's setting {@code bus}
 * @param otherNames other stable names that find it, too
 * @param problem why it cannot be used as things are, with the remedy; empty where it can
 */
public record BusInfo(Kind kind, String name, List<String> otherNames, Optional<String> problem) {

  /** What a bus carries. Names are stable. */
  public enum Kind {
    I2C,
    GPIO,
    SPI,
    PWM,
    ONE_WIRE,
    SERIAL
  }

  public BusInfo {
    Objects.requireNonNull(kind, "kind must not be null");
    Objects.requireNonNull(name, "name must not be null");
    Objects.requireNonNull(problem, "problem must not be null; give an empty one");
    otherNames = List.copyOf(otherNames);
  }
}
