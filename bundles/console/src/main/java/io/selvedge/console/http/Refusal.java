package io.selvedge.console.http;

/** A call that is not served, and why: becomes {@code {"code", "message"}}. */
public final class Refusal extends Exception {

  private static final long serialVersionUID = 1;

  private final int status;
  private final String code;

  /**
   * @param status the HTTP status
   * @param code stable and dotted: {@code device.unknown}
   * @param message what, the value in brackets, the rule, the remedy
   */
  public Refusal(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  public Refusal(int status, String code, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
    this.code = code;
  }

  public static Refusal badRequest(String code, String message) {
    return new Refusal(400, code, message);
  }

  public static Refusal notFound(String code, String message) {
    return new Refusal(404, code, message);
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public Answer answer() {
    Answer answer =
        Answer.json(
            status, Json.object().put("code", code).put("message", String.valueOf(getMessage())));
    return status == 401 ? answer.with("WWW-Authenticate", "Bearer") : answer;
  }
}
