package io.selvedge.api.device;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One readable or writable point of a device.
 *
 * @param id lower_snake_case, at most 64 characters, unique within the device
 * @param unit UCUM string, for example {@code Cel}, {@code %}, {@code kPa}; {@code 1} for a bare
 *     number, empty for flags and text
 * @param kind what its values are
 * @param access whether it is read, written or both
 */
public record Channel(String id, String unit, Kind kind, Access access) {

  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  /** What a channel's values are. */
  public enum Kind {
    DECIMAL,
    WHOLE,
    FLAG,
    TEXT
  }

  /** Who may do what with a channel. */
  public enum Access {
    READ,
    WRITE,
    READ_WRITE
  }

  public Channel {
    Objects.requireNonNull(unit, "unit must not be null; give [1] or an empty one");
    Objects.requireNonNull(kind, "kind must not be null");
    Objects.requireNonNull(access, "access must not be null");
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "channel id [" + id + "] must be lower_snake_case, for example [air_pressure]");
    }
  }

  /** A number that is read. */
  public static Channel decimal(String id, String unit) {
    return new Channel(id, unit, Kind.DECIMAL, Access.READ);
  }

  /** A count that is read. */
  public static Channel whole(String id, String unit) {
    return new Channel(id, unit, Kind.WHOLE, Access.READ);
  }

  /** An on/off state that is read. */
  public static Channel flag(String id) {
    return new Channel(id, "", Kind.FLAG, Access.READ);
  }

  /** A text that is read. */
  public static Channel text(String id) {
    return new Channel(id, "", Kind.TEXT, Access.READ);
  }

  /** The same channel, but one that can be written as well. */
  public Channel writable() {
    return new Channel(id, unit, kind, Access.READ_WRITE);
  }

  public boolean isReadable() {
    return access != Access.WRITE;
  }

  public boolean isWritable() {
    return access != Access.READ;
  }
}
