package io.selvedge.bench;

/** Wrong use, or something is missing on this machine: exit code 2. */
public final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public UsageException(String message) {
    super(message);
  }
}
