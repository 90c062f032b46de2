package io.selvedge.mqtt.client;

import java.io.EOFException;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** What exceptions mean, for people. */
final class Reasons {

  static final String CLOSED = "closed by the broker";

  private Reasons() {}

  /** The innermost message, which says what happened. */
  static String text(@Nullable Throwable exception) {
    if (exception == null) {
      return CLOSED;
    }
    Throwable at = innermost(exception);
    if (at instanceof EOFException || at instanceof NullPointerException) {
      // Paho meets the latter where its threads end a connection at the same time
      return CLOSED;
    }
    return at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
  }

  /** Whether the connection was closed or reset. */
  static boolean isEnd(Throwable exception) {
    Throwable at = innermost(exception);
    return at instanceof EOFException || at instanceof SocketException;
  }

  private static Throwable innermost(Throwable exception) {
    Throwable at = exception;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }
}
