package io.selvedge.console;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.deployment.DeploymentStatus.State;
import io.selvedge.api.deployment.Deployments;
import io.selvedge.api.deployment.StoreFigures;
import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.deployment.TrialStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** A deployment in any state, with a trial that can be given figures. */
public final class FakeDeployments implements Deployments {

  private final Instant since;
  private State state = State.ACTIVE;
  private String code = "";
  private String message = "";
  private long newest = 3;
  private DeploymentStatus.Progress progress = DeploymentStatus.Progress.NONE;
  private Optional<TrialStatus> trial = Optional.empty();

  FakeDeployments(Clock clock) {
    since = clock.instant().minusSeconds(90);
  }

  /** The newest is under way. */
  public void fetching(long done, long total) {
    newest = 4;
    state = State.FETCHING;
    progress = new DeploymentStatus.Progress(done, total, 4096);
  }

  /** The newest was not taken, or was taken back. */
  public void ended(State how, String why, String inWords) {
    newest = 4;
    state = how;
    code = why;
    message = inWords;
  }

  /** The newest is on trial, or was. */
  public void trial(TrialStatus.Phase phase, TrialStatus.Verdict verdict, String reason) {
    newest = 4;
    boolean open = verdict == TrialStatus.Verdict.OPEN;
    if (open) {
      state = phase == TrialStatus.Phase.SHADOW ? State.SHADOW : State.TRIAL;
    }
    TrialFigures figures =
        new TrialFigures(
            160,
            2,
            OptionalDouble.of(4.25),
            OptionalDouble.of(1.5),
            OptionalDouble.of(0.71),
            OptionalDouble.of(0.08),
            OptionalDouble.of(0.31),
            OptionalDouble.of(0.9),
            OptionalDouble.of(0.94),
            30);
    trial = Optional.of(new TrialStatus(phase, figures, since, verdict, reason));
  }

  @Override
  public DeploymentStatus status() {
    Artifact.File file = new Artifact.File("model.onnx", "cd".repeat(32), 1024);
    Artifact model = new Artifact(Artifact.Kind.MODEL, "occupancy", "7", List.of(file));
    return new DeploymentStatus(
        3, state, newest, code, message, List.of(model), since, progress, trial);
  }

  @Override
  public Optional<StoreFigures> store() {
    return Optional.of(new StoreFigures(14_000_000, 2_500_000, 5, 536_870_912));
  }

  @Override
  public List<Past> history() {
    return List.of(
        new Past(4, State.FETCHING, since, "", ""),
        new Past(3, State.ACTIVE, since.minusSeconds(86_400), "", ""),
        new Past(
            2,
            State.REVERTED,
            since.minusSeconds(172_800),
            "trial.agreement",
            "agreement [0.41] is below [0.8]"));
  }

  @Override
  public Map<String, Double> limits() {
    return trial.isPresent()
        ? Map.of(
            "rows",
            200.0,
            "seconds",
            600.0,
            "min_agreement",
            0.8,
            "max_error_rate",
            0.02,
            "max_latency_p99_ms",
            50.0)
        : Map.of();
  }

  @Override
  public List<Key> keys() {
    return List.of(new Key("0123456789abcdef", "hub.pub"));
  }
}
