package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.TrialStatus;
import io.selvedge.api.deployment.TrialStatus.Phase;
import io.selvedge.api.deployment.TrialStatus.Verdict;
import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.deployment.Examination.Outcome;
import io.selvedge.protocol.deployment.Trial;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Lets deployments prove themselves, and takes back what does not: by its figures, or because the
 * gateway does not last with it. On the deployment's thread, but for {@link #status} and {@link
 * #isOpen}.
 */
final class Trials {

  private final Standing standing;
  private final TrialRun run;
  private final TrialPhases phases;
  private final Proof proof;
  private final Events events;
  private final BooleanSupplier stopping;

  Trials(
      Standing standing,
      TrialRun run,
      TrialPhases phases,
      Proof proof,
      Events events,
      BooleanSupplier stopping) {
    this.standing = standing;
    this.run = run;
    this.phases = phases;
    this.proof = proof;
    this.events = events;
    this.stopping = stopping;
  }

  /** How the phase goes that is going on. */
  Optional<TrialStatus> status() {
    return run.status();
  }

  /** Whether there is something that only time ends, and that is to be looked at each second. */
  boolean isOpen() {
    return run.status().isPresent() || standing.current().trial().isPresent() || proof.isOpen();
  }

  boolean isShadowing(String digest) {
    return run.is(digest, Phase.SHADOW);
  }

  /**
   * Whether the gateway was started too often with what is live; true where that was taken back.
   */
  boolean tookBackAfterStarts() throws IOException {
    if (proof.isOpen() && hasEnded()) {
      proof.end(); // what the last process did not come to
    }
    if (!proof.hasFailed()) {
      return false;
    }
    takeBack(
        "trial.three_failed_starts",
        "the gateway was started ["
            + Proof.MOST_STARTS
            + "] times in a row and did not last; see its log");
    return true;
  }

  /** Whether what is live has proved itself in its trial, or was taken back to. */
  private boolean hasEnded() {
    Current.Newest newest = standing.current().newest();
    return switch (newest.state()) {
      case REVERTED -> true;
      case ACTIVE ->
          newest.trial().filter(t -> t.phase() == Phase.LIVE).isPresent()
              && standing.current().trial().isEmpty();
      default -> false;
    };
  }

  /**
   * One look at a deployment in the shadow; begins it where it is not there.
   *
   * @return whether it has shown what it must; false while that goes on
   * @throws Refusal it did not
   */
  boolean shadow(String digest, Trial.Shadow limits, List<Artifact> to)
      throws Refusal, IOException {
    Outcome outcome = phases.shadow(digest, limits, to, standing.current().live());
    if (stopping.getAsBoolean()) {
      return false; // what it looked at may have gone already
    }
    if (outcome.verdict() == Verdict.OPEN) {
      tell();
      Journal journal = standing.journal();
      if (journal.attempts() > 1 && proof.hasLasted()) {
        standing.write(journal.lasted());
      }
      return false;
    }
    standing.keepFigures(digest, run.status());
    run.forget();
    if (outcome.verdict() == Verdict.FAILED) {
      throw new Refusal(outcome.code(), outcome.reason());
    }
    return true;
  }

  void endShadow() throws IOException {
    if (run.status().filter(status -> status.phase() == Phase.SHADOW).isPresent()) {
      run.forget();
    }
  }

  /**
   * What was worked on goes no further. Starts with it do not count against what goes on, which has
   * yet to last, in case that it had not done so before.
   */
  void refused() throws IOException {
    endShadow();
    if (proof.isOpen()) {
      proof.begin();
    }
  }

  /** Something new is about to be live. */
  void begin() throws IOException {
    phases.remember();
    proof.begin();
  }

  /** A newer one is to be tried: against the last good one, not against one on trial. */
  void supersede(long revision) throws IOException {
    if (standing.current().trial().isPresent()) {
      takeBack("trial.superseded", "deployment [" + revision + "] is tried next");
    }
  }

  /** One look at what is live. */
  boolean judge() throws IOException {
    Current current = standing.current();
    if (current.trial().isEmpty()) {
      return lookWithoutTrial(current);
    }
    OnTrial trial = current.trial().get();
    Outcome outcome;
    try {
      outcome = phases.live(trial, current.live(), current.previous().artifacts());
    } catch (Refusal e) {
      outcome = Outcome.failed(e.code(), e.reason());
    }
    if (stopping.getAsBoolean()) {
      return false;
    }
    switch (outcome.verdict()) {
      case OPEN -> {
        proof.lasts();
        tell();
      }
      case FAILED -> takeBack(outcome.code(), outcome.reason());
      case PASSED, BETTER -> keep(trial, outcome.verdict());
    }
    return outcome.verdict() != Verdict.OPEN;
  }

  /** It has to be there and to last; nothing else is asked of it. */
  private boolean lookWithoutTrial(Current current) throws IOException {
    Optional<Outcome> outcome = Optional.empty();
    if (proof.isOpen()) {
      outcome = phases.failing(current.live(), current.previous().artifacts());
    }
    if (outcome.isPresent() && !stopping.getAsBoolean()) {
      takeBack(outcome.get().code(), outcome.get().reason());
      return true;
    }
    proof.look();
    return false;
  }

  private void tell() {
    if (run.isToBeTold()) {
      standing.tell();
    }
  }

  private void keep(OnTrial trial, Verdict verdict) throws IOException {
    standing.keepFigures(trial.digest(), run.status());
    standing.prove(trial);
    run.forget();
    proof.end();
    events.report(
        Event.Severity.INFO,
        "deployment",
        "deployment.proved",
        "deployment ["
            + standing.current().revision()
            + "] kept all conditions of its trial"
            + (verdict == Verdict.BETTER ? " and is better than the one before" : ""));
  }

  /** Empty where the newest is another one, which has not been live and is not to blame. */
  private static String digestOfLive(Current current) {
    Current.Newest newest = current.newest();
    return newest.revision() == current.revision() ? newest.digest() : "";
  }

  private void takeBack(String code, String reason) throws IOException {
    Current current = standing.current();
    String digest = current.trial().map(OnTrial::digest).orElseGet(() -> digestOfLive(current));
    standing.keepFigures(digest, run.status());
    standing.takeBack(digest, code, reason);
    run.forget();
    proof.end();
    events.report(
        Event.Severity.WARNING,
        "deployment",
        code,
        "deployment ["
            + current.revision()
            + "] was taken back: "
            + reason
            + "; ["
            + standing.current().revision()
            + "] is live again");
  }
}
