package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.deployment.TrialStatus;
import io.selvedge.api.deployment.TrialStatus.Phase;
import io.selvedge.deployment.Examination.Outcome;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The one phase of a trial that is going on: lets the handlers measure, adds what an earlier
 * process had measured, and keeps that on the disk. Time is the process's own steady time; a clock
 * that is set does not end a trial. {@link #status} on any thread, the rest on the deployment's.
 */
final class TrialRun {

  private static final Duration WRITE_EVERY = Duration.ofSeconds(30);

  private final Activation activation;
  private final StateFiles files;
  private final Clock clock;
  private final LongSupplier nanos;
  private final DoubleSupplier memory;

  private List<Artifact> watched = List.of();
  private int generation;
  private String digest = "";
  private long begin;
  private long written;
  private boolean toBeTold;
  private double memoryBefore;
  private Optional<DeviceHealth> devices = Optional.empty();
  private Optional<TrialProgress> carried = Optional.empty();
  private volatile Optional<TrialStatus> status = Optional.empty();

  /**
   * @param nanos {@link System#nanoTime()}
   * @param memory what the process takes, in megabytes
   */
  TrialRun(
      Activation activation,
      StateFiles files,
      Clock clock,
      LongSupplier nanos,
      DoubleSupplier memory) {
    this.activation = activation;
    this.files = files;
    this.clock = clock;
    this.nanos = nanos;
    this.memory = memory;
  }

  /** How the phase goes that is going on; empty where none is. */
  Optional<TrialStatus> status() {
    return status;
  }

  boolean is(String ofDigest, Phase phase) {
    return digest.equals(ofDigest) && status.filter(s -> s.phase() == phase).isPresent();
  }

  /**
   * Begins a phase, or takes it up after a restart. Where it is going on already it goes on.
   *
   * @param artifacts what is on trial; only what is taken by its handler is measured
   */
  void begin(String ofDigest, Phase phase, List<Artifact> artifacts) throws IOException {
    if (is(ofDigest, phase)) {
      return;
    }
    end();
    digest = ofDigest;
    watched = List.copyOf(artifacts);
    generation = activation.generation();
    carried = files.trial().filter(progress -> progress.isOf(ofDigest, phase));
    begin = nanos.getAsLong();
    written = begin;
    memoryBefore = memory.getAsDouble();
    Instant since = carried.map(c -> c.status().since()).orElseGet(clock::instant);
    status =
        Optional.of(
            new TrialStatus(
                phase,
                carried.map(c -> c.status().figures()).orElse(TrialFigures.NONE),
                since,
                TrialStatus.Verdict.OPEN,
                ""));
  }

  /** From now on devices count, too. */
  void watch(DeviceHealth health) {
    devices = Optional.of(health);
  }

  /** Whether there are devices that count. */
  boolean readsDevices() {
    return devices.filter(DeviceHealth::isThere).isPresent();
  }

  /** Whether handlers came anew since it began and must be told again what to measure. */
  boolean isStale() {
    return generation != activation.generation();
  }

  /** Keeps what was measured, for handlers that begin to measure anew. */
  void renew() throws IOException {
    write();
    carried = files.trial();
    begin = nanos.getAsLong();
    generation = activation.generation();
  }

  /** Measures and judges. */
  Outcome look(Examination examination) throws IOException {
    TrialStatus before = status.orElseThrow();
    TrialFigures figures = before.figures();
    Outcome outcome;
    try {
      figures =
          TrialProgress.sum(
              carried.map(c -> c.status().figures()).orElse(TrialFigures.NONE), measured());
      outcome = examination.judge(figures, elapsed());
    } catch (Refusal e) {
      outcome = Outcome.failed(e.code(), e.reason());
    }
    status =
        Optional.of(
            new TrialStatus(
                before.phase(), figures, before.since(), outcome.verdict(), outcome.reason()));
    if (nanos.getAsLong() - written >= WRITE_EVERY.toNanos()) {
      write();
    }
    return outcome;
  }

  /** Whether figures were written since this was last asked: then the hub may hear of them too. */
  boolean isToBeTold() {
    boolean told = toBeTold;
    toBeTold = false;
    return told;
  }

  private TrialFigures measured() throws Refusal {
    TrialFigures figures = TrialFigures.NONE;
    for (Artifact artifact : watched) {
      figures = TrialProgress.worst(figures, activation.figures(artifact));
    }
    if (devices.isPresent()) {
      figures = TrialProgress.worst(figures, devices.get().look(activation.devices()));
    }
    double growth = Math.max(0, memory.getAsDouble() - memoryBefore);
    return new TrialFigures(
        figures.rows(),
        figures.errors(),
        figures.latencyP99Millis(),
        OptionalDouble.of(growth),
        figures.agreement(),
        figures.inputDrift(),
        figures.outputDrift(),
        figures.accuracy(),
        figures.accuracyBefore(),
        figures.labels());
  }

  private Duration elapsed() {
    return carried
        .map(TrialProgress::elapsed)
        .orElse(Duration.ZERO)
        .plusNanos(nanos.getAsLong() - begin);
  }

  private void write() throws IOException {
    written = nanos.getAsLong();
    toBeTold = true;
    files.write(new TrialProgress(digest, elapsed(), status.orElseThrow()));
  }

  /** Ends the phase: nothing is measured any more. */
  void end() throws IOException {
    watched.forEach(activation::endTrial);
    watched = List.of();
    devices = Optional.empty();
    digest = "";
    status = Optional.empty();
    carried = Optional.empty();
  }

  /** Forgets the phase, on the disk too. */
  void forget() throws IOException {
    end();
    files.deleteTrial();
  }

  /** The artifacts of the one list that the other has not, as they are. */
  static List<Artifact> changed(List<Artifact> to, List<Artifact> from) {
    return to.stream().filter(Predicate.not(from::contains)).toList();
  }

  /** The version of this artifact in that list. */
  static Optional<Artifact> sameName(Artifact artifact, List<Artifact> in) {
    return in.stream()
        .filter(a -> a.kind() == artifact.kind() && Objects.equals(a.name(), artifact.name()))
        .findFirst();
  }
}
