package io.selvedge.hardware.vm;

/** This machine lacks something that the test needs: it is skipped. */
public final class MissingException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public MissingException(String message) {
    super(message);
  }
}
