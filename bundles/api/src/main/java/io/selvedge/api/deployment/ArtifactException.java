package io.selvedge.api.deployment;

/** An artifact was refused. */
public final class ArtifactException extends Exception {

  private static final long serialVersionUID = 1;

  private final String code;

  /**
   * @param code stable and dotted: {@code model.golden_mismatch}, {@code flow.unknown_feature}
   * @param message what, the value in brackets, the rule, the remedy
   */
  public ArtifactException(String code, String message) {
    super(message);
    this.code = code;
  }

  public ArtifactException(String code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public String code() {
    return code;
  }
}
