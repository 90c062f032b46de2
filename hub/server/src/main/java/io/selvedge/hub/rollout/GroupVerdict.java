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
  private static final int SOME = 5;

  /** Judges a group that has begun. */
  static GroupVerdict of(
      GroupPlan plan, List<Target> all, Instant since, long absentSeconds, Instant now) {
    return of(plan, all, since, absentSeconds, false, now);
  }

  /**
   * The same.
   *
   * @param needless nobody comes behind it, and others have proved it: where all its gateways are
   *     away, it is not waited for them
   */
  static GroupVerdict of(
      GroupPlan plan,
      List<Target> all,
      Instant since,
      long absentSeconds,
      boolean needless,
      Instant now) {
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
    if (counted.isEmpty() && needless) {
      return new GroupVerdict(
          GroupState.FINISHED, "none of its gateways is connected; they get it when they are back");
    }
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
        : new GroupVerdict(GroupState.RUNNING, waits(targets, counted, done));
  }

  /** Whether all have got something else since, so that none can prove it to those behind. */
  static boolean isReplaced(List<Target> all) {
    return !all.isEmpty()
        && all.stream().allMatch(one -> one.state() == TargetState.SUPERSEDED && !one.accepted());
  }

  /** Whom it waits for, and for whom not. */
  private static String waits(List<Target> targets, List<Target> counted, long done) {
    List<String> open =
        counted.stream()
            .filter(one -> one.state() != TargetState.DONE && one.state() != TargetState.FAILED)
            .map(Target::gateway)
            .toList();
    List<String> absent =
        targets.stream().filter(one -> !counted.contains(one)).map(Target::gateway).toList();
    return String.format(Locale.ROOT, "[%d] of [%d] succeeded", done, counted.size())
        + (open.isEmpty() ? "" : "; waits for " + some(open))
        + (absent.isEmpty() ? "" : "; not for " + some(absent) + ", not connected");
  }

  private static String some(List<String> ids) {
    return ids.size() <= SOME
        ? ids.toString()
        : ids.subList(0, SOME) + " and [" + (ids.size() - SOME) + "] more";
  }

  private static GroupVerdict calm(GroupPlan plan, List<Target> counted, long done, Instant now) {
    Optional<Instant> last =
        counted.stream()
            .filter(one -> one.state() == TargetState.DONE)
            .map(Target::since)
            .max(Instant::compareTo);
    boolean waits = last.isPresent() && last.get().plusSeconds(plan.waitSeconds()).isAfter(now);
    return waits
        ? new GroupVerdict(
            GroupState.RUNNING,
            "["
                + done
                + "] of ["
                + counted.size()
                + "] succeeded; waits until "
                + last.get().plusSeconds(plan.waitSeconds()))
        : new GroupVerdict(
            GroupState.FINISHED, "[" + done + "] of [" + counted.size() + "] gateways succeeded");
  }

  static boolean isLongAbsent(Target target, Instant since, long absentSeconds, Instant now) {
    return target.state() == TargetState.SCHEDULED
        && target.isAbsent(absentSeconds, now)
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
