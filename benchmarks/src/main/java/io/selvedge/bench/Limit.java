package io.selvedge.bench;

import java.util.Locale;

/**
 * What a figure must keep to.
 *
 * @param direction on which side of the value it must be
 * @param value in the figure's unit
 */
public record Limit(Direction direction, double value) {

  /** Which side is good. */
  public enum Direction {
    AT_LEAST("≥"),
    AT_MOST("≤");

    private final String sign;

    Direction(String sign) {
      this.sign = sign;
    }
  }

  public Limit {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("limit [" + value + "] must be a finite number");
    }
  }

  public static Limit atLeast(double value) {
    return new Limit(Direction.AT_LEAST, value);
  }

  public static Limit atMost(double value) {
    return new Limit(Direction.AT_MOST, value);
  }

  /** False for what is no number. */
  boolean holds(double measured) {
    return direction == Direction.AT_LEAST ? measured >= value : measured <= value;
  }

  @Override
  public String toString() {
    return direction.sign + " " + Numbers.text(value);
  }

  /** In JSON. */
  String name() {
    return direction.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
