package io.selvedge.protocol.deployment;

import java.util.Objects;

/**
 * Whom a deployment is for.
 *
 * @param kind one gateway or all of a group
 * @param name the gateway's id or the group's name
 */
public record Target(Kind kind, String name) {

  /** The two kinds; in JSON the field's name, lower case. */
  public enum Kind {
    GATEWAY,
    GROUP
  }

  public Target {
    Objects.requireNonNull(kind, "kind must not be null");
    if (kind == Kind.GROUP && !name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw new IllegalArgumentException(
          "group ["
              + name
              + "] must start with a letter or digit and hold at most 64 of A-Z a-z 0-9 . _ -");
    }
  }

  public static Target gateway(String id) {
    return new Target(Kind.GATEWAY, id);
  }

  public static Target group(String name) {
    return new Target(Kind.GROUP, name);
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(java.util.Locale.ROOT) + " [" + name + "]";
  }
}
