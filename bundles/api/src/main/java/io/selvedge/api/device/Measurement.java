package io.selvedge.api.device;

import java.time.Instant;
import java.util.Objects;

/**
 * A reading with its device and its time: what flows see, what is stored and sent.
 *
 * @param device the device's id
 * @param channel the channel, with its unit
 * @param value the value, or why there is none
 * @param time when it was measured, UTC
 * @param nanos {@link System#nanoTime()} when the reading came in; only differences mean anything
 */
public record Measurement(String device, Channel channel, Value value, Instant time, long nanos) {

  public Measurement {
    Objects.requireNonNull(device, "device must not be null");
    Objects.requireNonNull(channel, "channel must not be null");
    Objects.requireNonNull(value, "value must not be null");
    Objects.requireNonNull(time, "time must not be null");
  }

  public ChannelAddress address() {
    return new ChannelAddress(device, channel.id());
  }
}
