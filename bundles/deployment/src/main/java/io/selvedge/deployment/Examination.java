package io.selvedge.deployment;

import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.deployment.TrialStatus.Verdict;
import io.selvedge.protocol.deployment.Trial.Conditions;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Whether one phase of a trial is over, and how it ended.
 *
 * <p>A condition is looked at when the phase ends, and before that where it can no longer be kept
 * or enough rows were seen. What is asked for and could not be measured is not proved: the trial
 * has failed. Only drift is left out where there is nothing to compare with, and accuracy where too
 * few labels came back.
 *
 * @param rows after so many it is over
 * @param seconds after so many it is over
 * @param conditions what must hold
 * @param answers whether anything on trial answers rows at all
 * @param compares whether there is another one to compare it with
 */
record Examination(
    OptionalLong rows,
    OptionalLong seconds,
    Conditions conditions,
    boolean answers,
    boolean compares) {

  /** Rows from which on a phase that goes by time is looked at before its end. */
  static final int MANY_ROWS = 200;

  /** What has no rows and no time given is watched for so long. */
  static final Duration SHORTEST = Duration.ofMinutes(1);

  /** What came of it; the code is empty unless it failed. */
  record Outcome(Verdict verdict, String code, String reason) {

    static final Outcome OPEN = new Outcome(Verdict.OPEN, "", "");

    static Outcome failed(String code, String reason) {
      return new Outcome(Verdict.FAILED, code, code + " " + reason);
    }
  }

  Outcome judge(TrialFigures figures, Duration elapsed) {
    boolean over = isOver(figures, elapsed);
    Optional<Outcome> failed = above("memory", figures.memoryMegabytes(), conditions.maxMemoryMb());
    if (failed.isEmpty() && !over) {
      failed = certain(figures);
    }
    if (failed.isEmpty() && (over || figures.rows() >= MANY_ROWS)) {
      failed = broken(figures);
    }
    if (failed.isEmpty() && over) {
      failed = notMeasured(figures, elapsed);
    }
    if (failed.isPresent()) {
      return failed.get();
    }
    if (!over) {
      return Outcome.OPEN;
    }
    return new Outcome(isBetter(figures) ? Verdict.BETTER : Verdict.PASSED, "", "");
  }

  private boolean isOver(TrialFigures figures, Duration elapsed) {
    if (answers && rows.isPresent() && figures.rows() >= rows.getAsLong()) {
      return true;
    }
    if (seconds.isPresent()) {
      return elapsed.toSeconds() >= seconds.getAsLong();
    }
    return !answers && elapsed.compareTo(SHORTEST) >= 0;
  }

  /** What cannot become good any more within the rows that are left. */
  private Optional<Outcome> certain(TrialFigures figures) {
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    double all = rows.getAsLong();
    boolean tooManyErrors = figures.errors() > conditions.maxErrorRate().orElse(1) * all;
    if (tooManyErrors) {
      return above("error_rate", figures.errorRate(), conditions.maxErrorRate());
    }
    double differ = (1 - figures.agreement().orElse(1)) * figures.rows();
    if (differ > (1 - conditions.minAgreement().orElse(0)) * all) {
      return below("agreement", figures.agreement(), conditions.minAgreement());
    }
    return Optional.empty();
  }

  private Optional<Outcome> broken(TrialFigures figures) {
    return above("error_rate", figures.errorRate(), conditions.maxErrorRate())
        .or(() -> above("latency", figures.latencyP99Millis(), conditions.maxLatencyP99Ms()))
        .or(() -> below("agreement", figures.agreement(), conditions.minAgreement()))
        .or(() -> above("input_drift", figures.inputDrift(), conditions.maxInputDrift()))
        .or(() -> above("output_drift", figures.outputDrift(), conditions.maxOutputDrift()))
        .or(() -> accuracy(figures));
  }

  private Optional<Outcome> accuracy(TrialFigures figures) {
    return enoughLabels(figures)
        ? below("accuracy", figures.accuracy(), conditions.minAccuracy())
        : Optional.empty();
  }

  private boolean enoughLabels(TrialFigures figures) {
    return figures.labels() >= conditions.minLabels().orElse(1);
  }

  private Optional<Outcome> notMeasured(TrialFigures figures, Duration elapsed) {
    if (!answers) {
      return Optional.empty();
    }
    if (figures.errorRate().isEmpty()) {
      String why = "could not be measured: not one row came in [" + elapsed.toSeconds() + " s]";
      if (conditions.maxErrorRate().isPresent()) {
        return Optional.of(Outcome.failed("trial.error_rate", why));
      }
      if (conditions.maxLatencyP99Ms().isPresent()) {
        return Optional.of(Outcome.failed("trial.latency", why));
      }
    }
    return compares && conditions.minAgreement().isPresent() && figures.agreement().isEmpty()
        ? Optional.of(
            Outcome.failed(
                "trial.agreement",
                "could not be measured: no row was answered by both in ["
                    + elapsed.toSeconds()
                    + " s]"))
        : Optional.empty();
  }

  private boolean isBetter(TrialFigures figures) {
    return figures.accuracy().isPresent()
        && figures.accuracyBefore().isPresent()
        && enoughLabels(figures)
        && figures.accuracy().getAsDouble() > figures.accuracyBefore().getAsDouble();
  }

  private static Optional<Outcome> above(String what, OptionalDouble is, OptionalDouble most) {
    return is.isPresent() && most.isPresent() && is.getAsDouble() > most.getAsDouble()
        ? Optional.of(broken(what, is, "at most", most))
        : Optional.empty();
  }

  private static Optional<Outcome> below(String what, OptionalDouble is, OptionalDouble least) {
    return is.isPresent() && least.isPresent() && is.getAsDouble() < least.getAsDouble()
        ? Optional.of(broken(what, is, "at least", least))
        : Optional.empty();
  }

  private static Outcome broken(String what, OptionalDouble is, String rule, OptionalDouble limit) {
    return Outcome.failed(
        "trial." + what,
        String.format(
            Locale.ROOT, "[%.4g] must be %s %.4g", is.getAsDouble(), rule, limit.getAsDouble()));
  }
}
