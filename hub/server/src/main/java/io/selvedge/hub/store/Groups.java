package io.selvedge.hub.store;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** Which groups a gateway may be of, and how they are stored. */
public final class Groups {

  private static final int MOST = 32;
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  private Groups() {}

  /**
   * Checked, each once, in their order.
   *
   * @throws IllegalArgumentException what is wrong with them
   */
  public static Set<String> of(Collection<String> names) {
    Set<String> groups = new TreeSet<>(names);
    if (groups.size() > MOST) {
      throw new IllegalArgumentException(
          "groups: [" + groups.size() + "] must be at most " + MOST + " for a gateway");
    }
    groups.forEach(Groups::require);
    return groups;
  }

  /** The same for one. */
  public static String require(String name) {
    if (!name.matches(NAME)) {
      throw new IllegalArgumentException(
          "group ["
              + name
              + "] must begin with a letter or digit and hold at most 64 of A-Z a-z 0-9 . _ -");
    }
    return name;
  }

  static String text(Set<String> groups) {
    return groups.isEmpty() ? "" : " " + String.join(" ", groups) + " ";
  }

  static Set<String> read(String text) {
    return text.isBlank() ? Set.of() : new TreeSet<>(Set.of(text.strip().split(" ")));
  }

  /** Pattern that finds the members of one. */
  static String like(String group) {
    return "% " + group.replace("_", "!_") + " %";
  }
}
