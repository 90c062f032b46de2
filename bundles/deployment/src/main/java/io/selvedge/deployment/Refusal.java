package io.selvedge.deployment;

/** A deployment that will never work as it is. */
final class Refusal extends Exception {

  private static final long serialVersionUID = 1;

  private final String code;
  private final String reason;

  Refusal(String code, String reason) {
    super(reason);
    this.code = code;
    this.reason = reason;
  }

  Refusal(String code, String reason, Throwable cause) {
    super(reason, cause);
    this.code = code;
    this.reason = reason;
  }

  String code() {
    return code;
  }

  String reason() {
    return reason;
  }
}
