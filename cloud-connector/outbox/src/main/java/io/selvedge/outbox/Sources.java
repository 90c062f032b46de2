package io.selvedge.outbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who appends: names and the small numbers by which records know them. Numbers are never given
 * anew. Called under the outbox's lock.
 */
final class Sources {

  /** So many are told apart. */
  static final int MOST = 64;

  /** The number of the empty name: the gateway itself. Records of format 1 have it, too. */
  static final int OWN = 0;

  /** The number of all that come when there are {@value #MOST} already. */
  static final int OTHERS = MOST - 1;

  static final String OTHERS_NAME = "others";

  private static final int MOST_NAME_BYTES = 100;

  private final List<String> names = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();

  /**
   * Takes over what was known.
   *
   * @param known names in the order of their numbers; the first is the empty one
   */
  Sources(List<String> known) {
    known.forEach(this::add);
    if (names.isEmpty()) {
      add("");
    }
  }

  private int add(String name) {
    int number = names.size();
    names.add(name);
    numbers.put(name, number);
    return number;
  }

  /**
   * The number of a name, a new one where it is new.
   *
   * @throws IllegalArgumentException where the name is too long or holds control characters
   */
  int number(String name) {
    Integer known = numbers.get(name);
    if (known != null) {
      return known;
    }
    check(name);
    return names.size() < OTHERS && !name.equals(OTHERS_NAME) ? add(name) : OTHERS;
  }

  String name(int number) {
    return number < names.size() ? names.get(number) : OTHERS_NAME;
  }

  List<String> names() {
    return List.copyOf(names);
  }

  private static void check(String name) {
    if (name.getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "source ["
              + name
              + "] must have at most ["
              + MOST_NAME_BYTES
              + "] bytes and no control characters, for example [flow/office]");
    }
  }
}
