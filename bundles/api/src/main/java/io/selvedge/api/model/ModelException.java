package io.selvedge.api.model;

/** A model is not there, was refused, or cannot take this input. */
public final class ModelException extends Exception {

  private static final long serialVersionUID = 1;

  private final String code;

  /**
   * @param code stable and dotted: {@code model.unknown}, {@code model.wrong_input}, {@code
   *     model.digest_mismatch}, {@code model.golden_mismatch}
   * @param message what, the value in brackets, the rule, the remedy
   */
  public ModelException(String code, String message) {
    super(message);
    this.code = code;
  }

  public ModelException(String code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public String code() {
    return code;
  }
}
