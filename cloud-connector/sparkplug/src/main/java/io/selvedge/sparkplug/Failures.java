package io.selvedge.sparkplug;

import java.util.concurrent.CompletionException;

/** What failed, for people. */
final class Failures {

  private Failures() {}

  static String text(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
