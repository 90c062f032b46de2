package io.selvedge.hub.ingest;

/** A message breaks a rule; it becomes a dead letter. */
final class Refused extends Exception {

  private static final long serialVersionUID = 1;

  private final String code;

  Refused(String code, String message) {
    super(message);
    this.code = code;
  }

  String code() {
    return code;
  }
}
