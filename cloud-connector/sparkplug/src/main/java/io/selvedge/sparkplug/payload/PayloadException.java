package io.selvedge.sparkplug.payload;

/** Bytes that are no payload of Sparkplug B. */
public final class PayloadException extends Exception {

  private static final long serialVersionUID = 1;

  /** The message says what and where. */
  public PayloadException(String message) {
    super(message);
  }

  /** The message says what and where. */
  public PayloadException(String message, Throwable cause) {
    super(message, cause);
  }
}
