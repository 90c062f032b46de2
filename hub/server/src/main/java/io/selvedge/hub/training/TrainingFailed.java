package io.selvedge.hub.training;

/** A run came to nothing; code and message are stored with it. */
public final class TrainingFailed extends Exception {

  private static final long serialVersionUID = 1;

  private final String code;

  public TrainingFailed(String code, String message) {
    super(message);
    this.code = code;
  }

  public String code() {
    return code;
  }
}
