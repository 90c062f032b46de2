package io.selvedge.protocol.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.util.List;

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

  /**
   * Reads it as it stands in a document: {@code {"from": "22:00", "to": "05:00"}}.
   *
   * @throws IllegalArgumentException what is wrong with it
   */
  public static Window parse(Fields window) {
    window.requireOnly(List.of("from", "to"));
    return new Window(time(window, "from"), time(window, "to"));
  }

  private static LocalTime time(Fields window, String name) {
    String text = window.text(name);
    try {
      return LocalTime.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "window." + name + " [" + text + "] must be a time of the day, for example \"22:00\"", e);
    }
  }

  /** As it stands in a document. */
  public ObjectNode toJson() {
    return Json.mapper().createObjectNode().put("from", from.toString()).put("to", to.toString());
  }

  public boolean contains(LocalTime time) {
    boolean behindStart = !time.isBefore(from);
    boolean beforeEnd = time.isBefore(to);
    return from.isBefore(to) ? behindStart && beforeEnd : behindStart || beforeEnd;
  }
}
