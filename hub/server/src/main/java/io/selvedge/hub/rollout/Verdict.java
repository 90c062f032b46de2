package io.selvedge.hub.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.hub.rollout.Reports.Desired;
import io.selvedge.hub.rollout.Reports.Report;
import java.time.Instant;
import java.util.Optional;

/** Judges one gateway by what it says itself. */
final class Verdict {

  /** It is committed there, and a figure breaks a limit of its group. */
  static final String FIGURES = "rollout.figures";

  /** It was not done in time. */
  static final String TIMEOUT = "rollout.timeout";

  /** It had begun, and is not connected any more. */
  static final String LOST = "rollout.lost";

  /** What the gateway says of a revision on trial when a newer one has come. */
  private static final String SUPERSEDED = "trial.superseded";

  private static final int LONGEST_CODE = 64;

  private Verdict() {}

  /** The target as it is now, given what was heard of it. */
  static Target of(
      Target target,
      GroupPlan group,
      Optional<Report> report,
      Optional<Desired> desired,
      long lostSeconds,
      Instant now) {
    Target judged =
        report.isPresent()
            ? reported(target, group, report.get(), now)
            : unreported(target, desired, now);
    if (target.isUnheardOf() && judged.state().underWay()) {
      return target.code().equals(LOST) && target.absent().isEmpty() ? judged : target;
    }
    boolean begun =
        judged.state().underWay()
            && (judged.state() != TargetState.ISSUED || desired.filter(Desired::begun).isPresent());
    if (begun && lostSeconds > 0 && judged.isAbsent(lostSeconds, now)) {
      return judged.as(
          TargetState.FAILED,
          now,
          LOST,
          "not connected since [" + judged.absent().get() + "], and it had begun",
          judged.report());
    }
    boolean late =
        judged.state().underWay()
            && group.timeoutSeconds() > 0
            && judged.issued().isPresent()
            && judged.issued().get().plusSeconds(group.timeoutSeconds()).isBefore(now);
    return late
        ? judged.as(
            TargetState.FAILED,
            now,
            TIMEOUT,
            "still " + judged.state() + " after [" + group.timeoutSeconds() + "] s",
            judged.report())
        : judged;
  }

  private static Target unreported(Target target, Optional<Desired> desired, Instant now) {
    Optional<String> refused = desired.flatMap(Desired::refused);
    if (refused.isEmpty()) {
      return target;
    }
    String message = refused.get();
    String code = message.split("[\\s:]", 2)[0];
    return target.as(TargetState.FAILED, now, cut(code), message, target.report());
  }

  private static Target reported(Target target, GroupPlan group, Report report, Instant now) {
    if (target.state() == TargetState.TAKING_BACK) {
      return takenBack(target, report, now);
    }
    return switch (report.state()) {
      case "FETCHING", "VERIFYING" -> target.as(TargetState.INSTALLING, now, "", "", report.json());
      case "SHADOW", "TRIAL" -> target.as(TargetState.TRIAL, now, "", "", report.json());
      case "ACTIVE" -> committed(target, group, report, now);
      case "REFUSED", "REVERTED" -> failed(target, group, report, now);
      default -> target;
    };
  }

  private static Target takenBack(Target target, Report report, Instant now) {
    return switch (report.state()) {
      case "ACTIVE" -> target.as(TargetState.TAKEN_BACK, now, "", "", report.json());
      case "REFUSED", "REVERTED" ->
          target.as(
              TargetState.TAKING_BACK, now, cut(report.code()), report.message(), report.json());
      default -> target;
    };
  }

  private static Target failed(Target target, GroupPlan group, Report report, Instant now) {
    if (report.live() >= target.revision()) {
      if (isOnTrial(report)) {
        return target.as(TargetState.TRIAL, now, "", "", report.json());
      }
      return committed(target, group, report, now); // what it refuses came after what it runs
    }
    if (report.code().equals(SUPERSEDED)) {
      return target; // the newer one decides, where it still has the rollout's artifacts
    }
    return target.as(TargetState.FAILED, now, cut(report.code()), report.message(), report.json());
  }

  /** What is live there has yet to prove itself, whatever became of one that came after it. */
  private static boolean isOnTrial(Report report) {
    JsonNode trial = RolloutStore.trial(report.json());
    return trial.path("phase").asText().equals("live")
        && trial.path("verdict").asText("-").isEmpty();
  }

  private static Target committed(Target target, GroupPlan group, Report report, Instant now) {
    JsonNode trial = RolloutStore.trial(report.json());
    Optional<String> broken =
        group.figures().stream()
            .map(limit -> limit.brokenBy(trial))
            .flatMap(Optional::stream)
            .findFirst();
    return broken.isPresent()
        ? target.as(TargetState.FAILED, now, FIGURES, broken.get(), report.json())
        : target.as(TargetState.DONE, now, "", "", report.json());
  }

  private static String cut(String code) {
    return code.length() > LONGEST_CODE ? code.substring(0, LONGEST_CODE) : code;
  }
}
