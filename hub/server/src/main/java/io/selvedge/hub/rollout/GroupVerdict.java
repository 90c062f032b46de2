package io.selvedge.hub.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a group does, by its thresholds.
 *
 * @param state RUNNING: it goes on; FINISHED, or ERROR
 */
record GroupVerdict(GroupState state, String why) {

  private static final double ALMOST = 1e-9;

  /** Judges a group that has begun. */
  static GroupVerdict of(
      GroupPlan plan, List<Target> all, Instant since, long absentSeconds, Instant now) {
    List<Target> targets =
        all.stream().filter(one -> one.state().counts() && !one.accepted()).toList();
    if (targets.isEmpty()) {
      return new GroupVerdict(
          GroupState.FINISHED, all.isEmpty() ? "has no gateways" : "has no gateways that count");
    }
    long failed = targets.stream().filter(one -> one.state() == TargetState.FAILED).count();
    if (failed > targets.size() * plan.maxErrorPercent() / 100 + ALMOST) {
      return new GroupVerdict(GroupState.ERROR, tooMany(plan, targets, failed));
    }
    List<Target> counted =
        targets.stream().filter(one -> !isLongAbsent(one, since, absentSeconds, now)).toList();
    long done = counted.stream().filter(one -> one.state() == TargetState.DONE).count();
    double needed = Math.max(1, counted.size() * plan.minSuccessPercent() / 100 - ALMOST);
    if (done >= needed) {
      return calm(plan, counted, done, now);
    }
    boolean allEnded =
        !counted.isEmpty()
            && counted.stream()
                .allMatch(
                    one -> one.state() == TargetState.DONE || one.state() == TargetState.FAILED);
    return allEnded
        ? new GroupVerdict(
            GroupState.ERROR,
            String.format(
                Locale.ROOT,
                "[%d] of [%d] gateways succeeded, below %s %%",
                done,
                counted.size(),
                percent(plan.minSuccessPercent())))
        : new GroupVerdict(GroupState.RUNNING, "");
  }

  private static GroupVerdict calm(GroupPlan plan, List<Target> counted, long done, Instant now) {
    Optional<Instant> last =
        counted.stream()
            .filter(one -> one.state() == TargetState.DONE)
            .map(Target::since)
            .max(Instant::compareTo);
    boolean waits = last.isPresent() && last.get().plusSeconds(plan.waitSeconds()).isAfter(now);
    return waits
        ? new GroupVerdict(GroupState.RUNNING, "")
        : new GroupVerdict(
            GroupState.FINISHED, "[" + done + "] of [" + counted.size() + "] gateways succeeded");
  }

  private static boolean isLongAbsent(
      Target target, Instant since, long absentSeconds, Instant now) {
    return target.state() == TargetState.SCHEDULED
        && target.absent().isPresent()
        && !target.absent().get().plusSeconds(absentSeconds).isAfter(now)
        && !since.plusSeconds(absentSeconds).isAfter(now);
  }

  private static String tooMany(GroupPlan plan, List<Target> targets, long failed) {
    String first =
        targets.stream()
            .filter(one -> one.state() == TargetState.FAILED)
            .findFirst()
            .map(one -> "; " + one.gateway() + ": " + one.code() + ' ' + one.message())
            .orElse("");
    return String.format(
        Locale.ROOT,
        "[%d] of [%d] gateways failed, above %s %%%s",
        failed,
        targets.size(),
        percent(plan.maxErrorPercent()),
        first);
  }

  private static String percent(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
