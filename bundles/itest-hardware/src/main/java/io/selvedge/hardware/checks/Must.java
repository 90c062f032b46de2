package io.selvedge.hardware.checks;

import io.selvedge.hardware.Report;
import java.io.IOException;

/** Negative controls: a check that must fail, so that it is shown to find what it looks for. */
public final class Must {

  private Must() {}

  /**
   * Passes where the check fails.
   *
   * @return why it failed
   * @throws IOException where it passes: then it cannot find anything
   */
  public static String fail(Report.Body body) throws Exception {
    String passed;
    try {
      passed = body.check();
    } catch (IOException e) {
      return "found: " + e.getMessage();
    }
    throw new IOException("the check passed, and finds nothing: [" + passed + "]");
  }
}
