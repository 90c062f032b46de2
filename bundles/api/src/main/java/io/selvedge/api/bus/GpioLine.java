package io.selvedge.api.bus;

import java.util.Objects;

/**
 * A line of a GPIO chip.
 *
 * @param offset its number on its chip
 * @param name what the board calls it, for example {@code GPIO17}; empty where it has no name
 * @param user who holds it now; empty where it is free
 */
public record GpioLine(int offset, String name, String user) {

  public GpioLine {
    Objects.requireNonNull(name, "name must not be null; give an empty one");
    Objects.requireNonNull(user, "user must not be null; give an empty one");
  }
}
