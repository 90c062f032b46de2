package io.selvedge.api.bus;

import io.selvedge.api.device.DeviceException;

/** A bus failed. The kind says what would cure it. A driver lets it pass. */
public final class BusException extends DeviceException {

  private static final long serialVersionUID = 1;

  /** What went wrong. Names are stable. */
  public enum Kind {
    /** Nothing answers at this address, or the bus itself is not there. */
    ABSENT,
    /** Somebody else holds it. */
    BUSY,
    /** This user may not open it; the message names the group that would cure it. */
    NO_PERMISSION,
    /** What came back fails its check sum. */
    CRC,
    /** No answer in time. */
    TIMEOUT,
    /** Anything else; the cause says more. */
    IO
  }

  private final Kind kind;

  public BusException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public BusException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
