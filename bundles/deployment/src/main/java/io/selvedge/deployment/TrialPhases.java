package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.TrialStatus.Phase;
import io.selvedge.api.deployment.TrialStatus.Verdict;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.deployment.Examination.Outcome;
import io.selvedge.protocol.deployment.Trial;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What runs beside what, in the two phases of a trial. On the deployment's thread. */
final class TrialPhases {

  private final Activation activation;
  private final TrialRun run;

  /** How devices did before the switch; empty where that was in another process. */
  private Optional<List<DeviceStatus>> before = Optional.empty();

  TrialPhases(Activation activation, TrialRun run) {
    this.activation = activation;
    this.run = run;
  }

  /** A switch is next: what devices do afterwards is compared with what they do now. */
  void remember() {
    before = Optional.of(activation.devices());
  }

  /**
   * The models that change run beside those that are live.
   *
   * @return passed at once where there is nothing to run beside
   */
  Outcome shadow(String digest, Trial.Shadow limits, List<Artifact> to, List<Artifact> live)
      throws Refusal, IOException {
    List<Artifact> changed =
        TrialRun.changed(to, live).stream().filter(a -> a.kind() == Artifact.Kind.MODEL).toList();
    if (!run.is(digest, Phase.SHADOW) || run.isStale()) {
      List<Artifact> running = new ArrayList<>();
      for (Artifact artifact : changed) {
        if (activation.shadow(artifact)) {
          running.add(artifact);
        }
      }
      if (running.isEmpty()) {
        return new Outcome(Verdict.PASSED, "", "");
      }
      begin(digest, Phase.SHADOW, running);
    }
    return run.look(
        new Examination(limits.rows(), limits.seconds(), limits.conditions(), true, true));
  }

  /** What changed is live and watched; the models before it run beside theirs. */
  Outcome live(OnTrial trial, List<Artifact> live, List<Artifact> previous)
      throws Refusal, IOException {
    List<Artifact> changed = TrialRun.changed(live, previous);
    Optional<Outcome> gone = notTakenUp(changed, activation.broken());
    if (gone.isPresent()) {
      return gone.get();
    }
    if (activation.withoutHandler(changed).isPresent()) {
      return Outcome.OPEN; // its bundle is being updated, or has not come yet
    }
    if (!run.is(trial.digest(), Phase.LIVE) || run.isStale()) {
      for (Artifact artifact : changed) {
        activation.watch(artifact, TrialRun.sameName(artifact, previous));
      }
      begin(trial.digest(), Phase.LIVE, changed);
      if (changed.stream().anyMatch(TrialPhases::makesDevices)) {
        boolean goOnPurpose =
            previous.stream()
                .filter(TrialPhases::makesDevices)
                .anyMatch(before -> TrialRun.sameName(before, live).isEmpty());
        run.watch(new DeviceHealth(before.orElseGet(activation::devices), goOnPurpose));
      }
    }
    Trial.Live limits = trial.conditions();
    return run.look(
        new Examination(
            limits.rows(),
            limits.seconds(),
            limits.conditions(),
            run.readsDevices() || changed.stream().anyMatch(TrialPhases::answers),
            changed.stream()
                .filter(a -> a.kind() == Artifact.Kind.MODEL)
                .map(a -> TrialRun.sameName(a, previous))
                .anyMatch(Optional::isPresent)));
  }

  /** Without a trial: what changed does not run, though the disk is not to blame. */
  Optional<Outcome> failing(List<Artifact> live, List<Artifact> previous) {
    return notTakenUp(TrialRun.changed(live, previous), activation.failing());
  }

  private static Optional<Outcome> notTakenUp(List<Artifact> changed, Set<Artifact> broken) {
    return changed.stream()
        .filter(broken::contains)
        .findFirst()
        .map(
            artifact ->
                Outcome.failed(
                    "trial.not_taken_up",
                    "artifact ["
                        + Activation.name(artifact)
                        + "] could not be taken up again after a start; the diary says why"));
  }

  private void begin(String digest, Phase phase, List<Artifact> artifacts) throws IOException {
    if (run.is(digest, phase)) {
      run.renew();
    } else {
      run.begin(digest, phase, artifacts);
    }
  }

  private static boolean makesDevices(Artifact artifact) {
    return artifact.kind() == Artifact.Kind.BUNDLE
        || artifact.kind() == Artifact.Kind.CONFIGURATION;
  }

  private static boolean answers(Artifact artifact) {
    return artifact.kind() == Artifact.Kind.MODEL || artifact.kind() == Artifact.Kind.FLOW;
  }
}
