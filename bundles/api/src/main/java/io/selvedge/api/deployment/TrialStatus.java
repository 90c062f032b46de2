package io.selvedge.api.deployment;

import java.time.Instant;
import java.util.Objects;

/**
 * How a deployment does in its trial.
 *
 * @param phase beside what is live, or live itself
 * @param figures what was measured in this phase so far
 * @param since when the phase began
 * @param verdict what came of it
 * @param reason code and figures of a trial that failed; empty else
 */
public record TrialStatus(
    Phase phase, TrialFigures figures, Instant since, Verdict verdict, String reason) {

  /** The two parts of a trial. Names are stable: they go over the wire, in lower case. */
  public enum Phase {
    /** Beside what is live; it decides nothing. */
    SHADOW,
    /** Live, and watched. */
    LIVE
  }

  /** What came of a trial. Names are stable: they go over the wire, in lower case. */
  public enum Verdict {
    /** It is going on; goes over the wire as an empty text. */
    OPEN,
    /** It kept all conditions, and its accuracy is above that of the one before. */
    BETTER,
    /** It kept all conditions. */
    PASSED,
    /** It broke one. */
    FAILED
  }

  public TrialStatus {
    Objects.requireNonNull(phase, "phase must not be null");
    Objects.requireNonNull(figures, "figures must not be null");
    Objects.requireNonNull(since, "since must not be null");
    Objects.requireNonNull(verdict, "verdict must not be null");
    Objects.requireNonNull(reason, "reason must not be null");
  }
}
