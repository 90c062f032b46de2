package io.selvedge.api.device;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What the runtime knows of one device.
 *
 * @param id the device's id
 * @param driver the driver's name, its bundle's symbolic name
 * @param bus the bus whose thread reads it
 * @param channels its channels
 * @param interval time between two reads
 * @param state whether it answers
 * @param since when it entered that state
 * @param reason why it is down; while it is up, what its driver does wrong, else empty
 * @param reads reads that were answered
 * @param failures reads that were not
 */
public record DeviceStatus(
    String id,
    String driver,
    String bus,
    List<Channel> channels,
    Duration interval,
    State state,
    Instant since,
    String reason,
    long reads,
    long failures) {

  /** Whether a device answers. */
  public enum State {
    /** Not read yet. */
    STARTING,
    /** The last read was answered. */
    UP,
    /** The last read was not answered, or not in time. */
    DOWN
  }

  public DeviceStatus {
    Objects.requireNonNull(state, "state must not be null");
    channels = List.copyOf(channels);
  }
}
