package io.selvedge.cli.fleet;

/** The hub could not be asked, or would not. Ends the command with its exit code. */
public final class HubException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int exitCode;
  private final boolean passing;

  HubException(int exitCode, String message) {
    this(exitCode, false, message);
  }

  /**
   * @param passing whether asking again may help
   */
  HubException(int exitCode, boolean passing, String message) {
    super(message);
    this.exitCode = exitCode;
    this.passing = passing;
  }

  boolean passing() {
    return passing;
  }

  public int exitCode() {
    return exitCode;
  }
}
