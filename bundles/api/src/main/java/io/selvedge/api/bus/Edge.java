package io.selvedge.api.bus;

import java.time.Instant;
import java.util.Objects;

/**
 * A change of a line, as the kernel saw it.
 *
 * @param rising whether the line went on
 * @param nanos the kernel's monotonic time, to the nanosecond; only differences mean anything
 * @param time the same moment in UTC
 * @param sequence number of this edge since the line was taken, from 1; what is lost leaves a gap
 */
public record Edge(boolean rising, long nanos, Instant time, long sequence) {

  public Edge {
    Objects.requireNonNull(time, "time must not be null");
  }
}
