package io.selvedge.deployment;

/** A transfer stopped for now; what came so far is kept, and it goes on later. */
class TransferException extends Exception {

  private static final long serialVersionUID = 1;

  TransferException(String message) {
    super(message);
  }

  TransferException(String message, Throwable cause) {
    super(message, cause);
  }
}
