package io.selvedge.hub.rollout;

import io.selvedge.api.deployment.Artifact;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One gateway of a rollout as it stands.
 *
 * @param group its group's number
 * @param since when the state began
 * @param revision that was issued for it; 0 where none was
 * @param issued when that was
 * @param former what was in the places of the new artifacts before
 * @param code why it failed; empty where it did not
 * @param report what it reported last of the revision, JSON
 * @param accepted its failure was accepted when the rollout was resumed: it counts no more
 * @param absent since when it is not connected; empty where it is
 */
public record Target(
    String gateway,
    int group,
    TargetState state,
    Instant since,
    long revision,
    Optional<Instant> issued,
    List<Artifact> former,
    String code,
    String message,
    String report,
    boolean accepted,
    Optional<Instant> absent) {

  public Target {
    former = List.copyOf(former);
  }

  /** What its events are about. */
  String subject() {
    return "gateway/" + gateway;
  }

  /** It has failed because nothing was heard of it: what it says later still counts. */
  boolean isUnheardOf() {
    return state == TargetState.FAILED
        && (code.equals(Verdict.LOST) || code.equals(Verdict.TIMEOUT));
  }

  /** It is not connected, for so long. */
  boolean isAbsent(long seconds, Instant now) {
    return absent.isPresent() && !absent.get().plusSeconds(seconds).isAfter(now);
  }

  /** The former artifacts are on their way, and it has not refused them. */
  boolean isBeingTakenBack() {
    return state == TargetState.TAKING_BACK && code.isEmpty();
  }

  /** The same as at the beginning: its turn comes again. */
  Target again(Instant now) {
    return new Target(
        gateway, group, TargetState.SCHEDULED, now, 0, issued, former, "", "", "{}", false, absent);
  }

  /** The same in another group. */
  Target in(int other) {
    return new Target(
        gateway, other, state, since, revision, issued, former, code, message, report, accepted,
        absent);
  }

  Target withAcceptedFailure() {
    return new Target(
        gateway, group, state, since, revision, issued, former, code, message, report, true,
        absent);
  }

  /** The same with what has become of it. */
  Target as(TargetState now, Instant at, String newCode, String newMessage, String newReport) {
    return new Target(
        gateway,
        group,
        now,
        now == state ? since : at,
        revision,
        issued,
        former,
        newCode,
        newMessage,
        newReport,
        accepted,
        absent);
  }
}
