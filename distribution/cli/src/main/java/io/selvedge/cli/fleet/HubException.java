package io.selvedge.cli.fleet;

/** The hub could not be asked, or would not. Ends the command with its exit code. */
public final class HubException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int exitCode;

  HubException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
