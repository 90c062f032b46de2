package io.selvedge.protocol.deployment;

import java.time.LocalTime;

/**
 * A part of each day, by the gateway's local time; it may go over midnight.
 *
 * @param from its first minute
 * @param to the first minute behind it
 */
public record Window(LocalTime from, LocalTime to) {

  public Window {
    if (from.equals(to)) {
      throw new IllegalArgumentException(
          "window from [" + from + "] to [" + to + "] must have two different ends");
    }
  }

  public boolean contains(LocalTime time) {
    boolean behindStart = !time.isBefore(from);
    boolean beforeEnd = time.isBefore(to);
    return from.isBefore(to) ? behindStart && beforeEnd : behindStart || beforeEnd;
  }
}
