package io.selvedge.api.device;

/**
 * A device, or the way to it, failed. The message says what was seen, with values in brackets. What
 * a bus throws is one as well, so a driver lets it pass.
 */
public class DeviceException extends Exception {

  private static final long serialVersionUID = 1;

  public DeviceException(String message) {
    super(message);
  }

  public DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
