package io.selvedge.mqtt.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why there is no connection, or why it did not do what was asked. */
public final class ConnectionException extends IOException {

  /** What kind of failure. */
  public enum Kind {
    /** Nobody answers at the address, or there is no way there. */
    UNREACHABLE,
    /** The address takes connections and then says nothing, or closes without a word. */
    SILENT,
    /** The broker does not know user and password, or does not let this user do it. */
    NOT_AUTHORIZED,
    /** The broker does not take this client id. */
    CLIENT_ID,
    /** The broker says that it is not available. */
    UNAVAILABLE,
    /** No secure connection could be agreed. */
    TLS,
    /** A file that is needed for it cannot be used. */
    FILE,
    /** So many messages are under way that no more can be taken. */
    FULL,
    /** The connection is lost. */
    LOST,
    /** Anything else; the message says it. */
    OTHER
  }

  private final Kind kind;

  /**
   * A failure of this kind.
   *
   * @param message for people
   */
  public ConnectionException(Kind kind, String message) {
    this(kind, message, null);
  }

  /**
   * A failure of this kind.
   *
   * @param message for people
   */
  public ConnectionException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What kind of failure it is. */
  public Kind kind() {
    return kind;
  }

  /** What happened, for people. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
