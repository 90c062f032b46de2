package io.selvedge.api.event;

import java.time.Instant;
import java.util.Objects;

/**
 * Something an operator should know of: a device that went, a file that was refused, a model that
 * was swapped, an alarm that a flow raised.
 *
 * @param time when, UTC
 * @param severity how bad
 * @param source what it is about: {@code device/hall}, {@code flow/office}, {@code model/occupancy}
 * @param code stable and dotted: {@code device.down}, {@code flow.refused}, {@code alarm}
 * @param message what, the value in brackets, the rule, the remedy
 */
public record Event(Instant time, Severity severity, String source, String code, String message) {

  /** How bad. */
  public enum Severity {
    /** The diary of normal work. */
    INFO,
    /** Something does not work as it should; the gateway goes on. */
    WARNING,
    /** Somebody must act now. */
    ERROR
  }

  public Event {
    Objects.requireNonNull(time, "time must not be null");
    Objects.requireNonNull(severity, "severity must not be null");
    Objects.requireNonNull(source, "source must not be null");
    Objects.requireNonNull(code, "code must not be null");
    Objects.requireNonNull(message, "message must not be null");
  }
}
