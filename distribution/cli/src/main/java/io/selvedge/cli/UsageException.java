package io.selvedge.cli;

/** Wrong use, or something is missing on this machine; ends the command with exit code 2. */
final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
