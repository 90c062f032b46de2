package io.selvedge.remote.deploy;

/** Something cannot be downloaded or installed; trying again does not help. */
final class DeployException extends Exception {

  private static final long serialVersionUID = 1;

  DeployException(String message) {
    super(message);
  }

  DeployException(String message, Throwable cause) {
    super(message, cause);
  }
}
