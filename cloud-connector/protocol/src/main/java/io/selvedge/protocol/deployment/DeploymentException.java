package io.selvedge.protocol.deployment;

/** A deployment was refused before any of its files were looked at. */
public final class DeploymentException extends Exception {

  private static final long serialVersionUID = 1;

  /** Why. Codes are stable: they go over the wire. */
  public enum Code {
    /** No signature at all. */
    UNSIGNED,
    /** Signed, but with no key that this gateway trusts. */
    WRONG_KEY,
    /** Signed with a known key, but the bytes are not those that were signed. */
    BAD_SIGNATURE,
    /** Meant for another gateway or another group. */
    NOT_FOR_THIS_GATEWAY,
    /** Not newer than what this gateway has seen. */
    OLD_REVISION,
    /** Too late. */
    EXPIRED,
    /** Of a format that this version does not know. */
    UNKNOWN_FORMAT,
    /** It asks for a newer version of the gateway's runtime. */
    RUNTIME_TOO_OLD,
    /** Not what the format asks for. */
    MALFORMED;

    /** As on the wire: {@code deployment.wrong_key}. */
    public String text() {
      return "deployment." + name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private final Code code;

  public DeploymentException(Code code, String message) {
    super(message);
    this.code = code;
  }

  public DeploymentException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public Code code() {
    return code;
  }
}
