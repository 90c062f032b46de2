package io.selvedge.api.device;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a driver returns for one channel. The runtime stamps the time; only a source that knows its
 * own (a recording, a data logger, a field bus with time stamps) gives one.
 *
 * @param channel id of one of the driver's channels
 * @param value the value, or why there is none
 * @param time when the source measured it, where the source knows
 */
public record Reading(String channel, Value value, Optional<Instant> time) {

  public Reading {
    Objects.requireNonNull(channel, "channel must not be null");
    Objects.requireNonNull(value, "value must not be null; report a Missing with its reason");
    Objects.requireNonNull(time, "time must not be null; give an empty one");
  }

  public static Reading of(String channel, double value) {
    return new Reading(channel, Value.of(value), Optional.empty());
  }

  public static Reading of(String channel, long value) {
    return new Reading(channel, Value.of(value), Optional.empty());
  }

  public static Reading of(String channel, boolean value) {
    return new Reading(channel, Value.of(value), Optional.empty());
  }

  public static Reading of(String channel, String value) {
    return new Reading(channel, Value.of(value), Optional.empty());
  }

  public static Reading missing(String channel, Value.Reason reason, String detail) {
    return new Reading(channel, Value.missing(reason, detail), Optional.empty());
  }

  /** The same reading with the time at which its source took it. */
  public Reading at(Instant sourceTime) {
    return new Reading(channel, value, Optional.of(sourceTime));
  }
}
