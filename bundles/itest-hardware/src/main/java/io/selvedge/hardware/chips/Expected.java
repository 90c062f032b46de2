package io.selvedge.hardware.chips;

import io.selvedge.hardware.host.Arrivals.Arrival;

/**
 * What a channel must say.
 *
 * @param value a flag is 0 or 1
 * @param within how far off it may be: what the last digits of the data sheet's own figures allow
 */
public record Expected(String channel, double value, double within) {

  /** True where this is the number that is expected. */
  public boolean holds(Arrival arrival) {
    return arrival.decimal().map(seen -> Math.abs(seen - value) <= within).orElse(false);
  }

  @Override
  public String toString() {
    return channel + "=" + value;
  }
}
