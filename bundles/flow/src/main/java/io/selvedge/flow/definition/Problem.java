package io.selvedge.flow.definition;

/**
 * One thing that is wrong with a flow.
 *
 * @param path where, as a JSON path: {@code $.rules[0].when}
 * @param message what, the value in brackets, the rule, the remedy
 */
public record Problem(String path, String message) {

  @Override
  public String toString() {
    return path + ": " + message;
  }
}
