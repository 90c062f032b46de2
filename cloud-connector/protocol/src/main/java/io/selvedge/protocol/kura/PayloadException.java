package io.selvedge.protocol.kura;

/** Bytes that are no payload; the message says what is wrong and where. */
public final class PayloadException extends Exception {

  public PayloadException(String message) {
    super(message);
  }

  public PayloadException(String message, Throwable cause) {
    super(message, cause);
  }
}
