package io.selvedge.api.device;

import java.util.Objects;

/**
 * A write asked of a channel.
 *
 * @param target the channel to write
 * @param value the value to write, never {@link Value.Missing}
 * @param origin who asks, for the trace: a flow's name, {@code console}, {@code hub}
 */
public record Command(ChannelAddress target, Value value, String origin) {

  public Command {
    Objects.requireNonNull(target, "target must not be null");
    Objects.requireNonNull(value, "value must not be null");
    Objects.requireNonNull(origin, "origin must not be null");
    if (!value.present()) {
      throw new IllegalArgumentException(
          "command to [" + target + "] has no value [" + value.display() + "]; give one");
    }
  }
}
