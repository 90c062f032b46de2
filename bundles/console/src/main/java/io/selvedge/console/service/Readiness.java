package io.selvedge.console.service;

import java.util.List;

/** Whether the gateway is really up. */
@FunctionalInterface
public interface Readiness {

  /** Runs the checks, or repeats what they said a moment ago. Callable on any thread. */
  List<Check> checks();

  /**
   * What one check says.
   *
   * @param name the check's name
   * @param ok whether it holds
   * @param message what was found
   */
  record Check(String name, boolean ok, String message) {}

  /** Ready is who has checks, all of which hold: where nothing is checked nothing is known. */
  static boolean ready(List<Check> checks) {
    return !checks.isEmpty() && checks.stream().allMatch(Check::ok);
  }
}
