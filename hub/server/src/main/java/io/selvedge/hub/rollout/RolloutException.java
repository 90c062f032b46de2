package io.selvedge.hub.rollout;

/** What was asked of a rollout cannot be done. */
public final class RolloutException extends Exception {

  private static final long serialVersionUID = 1;

  private final String code;

  /**
   * @param code stable and dotted: {@code rollout.wrong_state}
   */
  public RolloutException(String code, String message) {
    super(message);
    this.code = code;
  }

  public String code() {
    return code;
  }
}
