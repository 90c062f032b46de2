package io.selvedge.console.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A call that is not served, and why: {@code {"code", "message"}}, and the setting if it is one.
 */
public final class Refusal extends Exception {

  private static final long serialVersionUID = 1;

  private final int status;
  private final String code;
  private final String setting;

  /**
   * @param status the HTTP status
   * @param code stable and dotted: {@code device.unknown}
   * @param message what, the value in brackets, the rule, the remedy
   */
  public Refusal(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
    this.setting = "";
  }

  public Refusal(int status, String code, String message, Throwable cause) {
    this(status, code, "", message, cause);
  }

  private Refusal(
      int status,
      String code,
      String setting,
      @Nullable String message,
      @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
    this.code = code;
    this.setting = setting;
  }

  /** The same, for the setting that it is about. */
  public Refusal of(String id) {
    return new Refusal(status, code, id, getMessage(), getCause());
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
    ObjectNode body = Json.object().put("code", code).put("message", String.valueOf(getMessage()));
    if (!setting.isEmpty()) {
      body.put("setting", setting);
    }
    Answer answer = Answer.json(status, body);
    return status == 401 ? answer.with("WWW-Authenticate", "Bearer") : answer;
  }
}
