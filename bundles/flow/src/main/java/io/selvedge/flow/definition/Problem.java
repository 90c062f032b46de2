package io.selvedge.flow.definition;

/**
 * One thing that is wrong with a flow.
 *
 * @param path where, as a JSON path: {@code $.rules[0].when}
 * @param message what, the value in brackets, the rule, the remedy
 */
public record Problem(String path, String message) {

  private static final String ROOT = "$";

  /** Whether it is at the other's place, around it or within it; the root does not count. */
  boolean isWithin(Problem other) {
    return covers(path, other.path) || covers(other.path, path);
  }

  private static boolean covers(String outer, String inner) {
    return inner.equals(outer)
        || (!outer.equals(ROOT)
            && (inner.startsWith(outer + ".") || inner.startsWith(outer + "[")));
  }

  @Override
  public String toString() {
    return path + ": " + message;
  }
}
