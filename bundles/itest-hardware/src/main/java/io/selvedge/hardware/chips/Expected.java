package io.selvedge.hardware.chips;

import io.selvedge.hardware.host.Arrivals.Arrival;

/**
 * What a channel must say.
 *
 * @param value a flag is 0 or 1
 * @param within how far off it may be: what the last digits of the data sheet's own figures allow
 * @param first whether the first value to arrive has to be it; else one of those that follow may
 *     be, where what stands for the world here is too unsteady to be right each time
 */
public record Expected(String channel, double value, double within, boolean first) {

  public Expected(String channel, double value, double within) {
    this(channel, value, within, true);
  }

  /** True where this arrival decides: it is waited for. */
  public boolean decides(Arrival arrival) {
    return first || holds(arrival);
  }

  /** True where this is the number that is expected. */
  public boolean holds(Arrival arrival) {
    return arrival.decimal().map(seen -> Math.abs(seen - value) <= within).orElse(false);
  }

  @Override
  public String toString() {
    return channel + "=" + value;
  }
}
