package io.selvedge.driver.host;

import io.selvedge.api.device.Value;

/** One value of the machine is not to be had; the others are. */
final class Unavailable extends Exception {

  private static final long serialVersionUID = 1;

  private final Value.Reason reason;

  Unavailable(Value.Reason reason, String detail) {
    super(detail, null, false, false);
    this.reason = reason;
  }

  Value missing() {
    return Value.missing(reason, String.valueOf(getMessage()));
  }
}
