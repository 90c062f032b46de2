package io.selvedge.launcher;

/** Something a person must mend: what, the value in brackets, the rule, the remedy. */
final class Problem extends Exception {

  private static final long serialVersionUID = 1;

  /** The gateway could not do it. */
  static final int FAILED = 1;

  /** What was given cannot work: an option or a setting. */
  static final int BAD_INPUT = 2;

  /** No gateway runs on this instance. */
  static final int NOT_RUNNING = 3;

  private final int exitCode;

  private Problem(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  static Problem failed(String message) {
    return new Problem(FAILED, message);
  }

  static Problem badInput(String message) {
    return new Problem(BAD_INPUT, message);
  }

  static Problem notRunning(String message) {
    return new Problem(NOT_RUNNING, message);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  int exitCode() {
    return exitCode;
  }
}
