package io.selvedge.training;

/** A job that cannot be trained; what the caller reads on the last line of stderr. */
final class TrainingException extends Exception {

  private static final long serialVersionUID = 1;

  private final String code;

  /**
   * @param code stable and dotted: {@code training.too_few_rows}
   * @param message what, the value in brackets, the rule, the remedy; one line
   */
  TrainingException(String code, String message) {
    super(message);
    this.code = code;
  }

  TrainingException(String code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  String code() {
    return code;
  }
}
