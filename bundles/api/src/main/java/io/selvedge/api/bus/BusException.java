package io.selvedge.api.bus;

import io.selvedge.api.device.DeviceException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A bus failed. The kind says what would cure it. A driver lets it pass. */
public final class BusException extends DeviceException {

  private static final long serialVersionUID = 2;

  /** What went wrong. Names are stable. */
  public enum Kind {
    /** Nothing answers at this address, or the bus itself is not there. */
    ABSENT,
    /** Somebody else holds it. */
    BUSY,
    /** This user may not open it; {@link #group()} names the group that would cure it. */
    NO_PERMISSION,
    /** What came back fails its check sum. */
    CRC,
    /** No answer in time. */
    TIMEOUT,
    /** Anything else; the cause says more. */
    IO
  }

  private final Kind kind;
  private final @Nullable String group; // none where no group would help

  public BusException(Kind kind, String message) {
    super(message);
    this.kind = kind;
    this.group = null;
  }

  public BusException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.group = null;
  }

  private BusException(String message, String group) {
    super(message);
    this.kind = Kind.NO_PERMISSION;
    this.group = group;
  }

  /**
   * This user may not open it.
   *
   * @param what what may not be opened, for example {@code /dev/i2c-1}
   * @param group the group whose members may
   */
  public static BusException noPermission(String what, String group) {
    return new BusException(
        "this user may not open ["
            + what
            + "]; members of the group ["
            + group
            + "] may: add the user to it, then start the gateway anew",
        group);
  }

  public Kind kind() {
    return kind;
  }

  /** The group that would cure {@link Kind#NO_PERMISSION}; empty for all else. */
  public Optional<String> group() {
    return Optional.ofNullable(group);
  }
}
