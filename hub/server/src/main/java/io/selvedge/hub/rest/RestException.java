package io.selvedge.hub.rest;

/** A request is answered with an error. */
public final class RestException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int status;
  private final String code;

  /**
   * @param status HTTP status
   * @param code stable and dotted: {@code gateway.unknown}
   * @param message what, the value in brackets, the rule, the remedy
   */
  public RestException(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  static RestException badRequest(String message) {
    return new RestException(400, "request.invalid", message);
  }
}
