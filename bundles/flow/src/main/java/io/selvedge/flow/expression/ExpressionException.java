package io.selvedge.flow.expression;

/** An expression does not compile, or has no result. The message says what and where. */
public final class ExpressionException extends Exception {

  private static final long serialVersionUID = 1;

  public ExpressionException(String message) {
    super(message);
  }

  public ExpressionException(String message, Throwable cause) {
    super(message, cause);
  }
}
