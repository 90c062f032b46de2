package io.selvedge.outbox;

/** The outbox cannot be opened, or does not accept a record; the message says why. */
public final class OutboxException extends RuntimeException {

  public OutboxException(String message) {
    super(message);
  }

  public OutboxException(String message, Throwable cause) {
    super(message, cause);
  }
}
