package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.deployment.DeploymentStatus.State;
import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.deployment.Current.Newest;
import io.selvedge.deployment.Intake.Pending;
import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.deployment.Recipient;
import io.selvedge.protocol.deployment.Trial;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The gateway's deployment as a state machine.
 *
 * <pre>
 *         offer: signed, for us, new, in time
 *   NONE ──────────┐
 *   ACTIVE ────────┤            all files here      checked        beside the live     kept all
 *   REFUSED ───────┼▶ FETCHING ──────▶ VERIFYING ─────────▶ SHADOW ────────▶ TRIAL ───────▶ ACTIVE
 *   REVERTED ──────┘   ▲  │                 │ refused        │ did worse       │ did worse
 *       a newer offer  └──┘                 └──▶ REFUSED ◀───┘                 └──▶ REVERTED
 * </pre>
 *
 * <p>Everything that a restart needs is on the disk before the next step begins: the envelope, then
 * the files, then the journal, then {@code current.json}, whose replacement is the commit. See
 * docs/deployment.md for what a power cut at each step leads to.
 *
 * <p>{@link #offer} and {@link #status} on any thread; {@link #work} on the deployment's only.
 */
final class Twin {

  /** A deployment whose switching ended with the process this often is not tried again. */
  static final int MOST_ATTEMPTS = 3;

  private final Standing standing;
  private final Intake intake;
  private final Trials trials;
  private final BlobStore blobs;
  private final BlobFetcher fetcher;
  private final Staging staging;
  private final Activation activation;
  private final Events events;
  private final Clock clock;
  private final BooleanSupplier starting;
  private final BooleanSupplier stopping;

  private final SwitchTime time;
  private final Repair repair;
  private final Object lock;
  private boolean swept;

  /**
   * What a twin works with.
   *
   * @param starting true while bundles with handlers may still come after a start
   * @param stopping true as soon as the gateway is stopped: what fails then says nothing
   * @param run the trial that is going on
   * @param proof whether the gateway lasts with what is live
   */
  record Parts(
      Recipient here,
      TrustedKeys keys,
      StateFiles files,
      BlobStore blobs,
      BlobFetcher fetcher,
      Staging staging,
      Activation activation,
      Events events,
      Clock clock,
      BooleanSupplier starting,
      BooleanSupplier stopping,
      TrialRun run,
      Proof proof) {}

  /**
   * Takes up where the last process stopped.
   *
   * @param changed called when the state has changed, on the thread that changed it; must not block
   */
  Twin(Parts parts, Runnable changed) throws IOException {
    this.blobs = parts.blobs();
    this.fetcher = parts.fetcher();
    this.staging = parts.staging();
    this.activation = parts.activation();
    this.events = parts.events();
    this.clock = parts.clock();
    this.starting = parts.starting();
    this.stopping = parts.stopping();
    this.time = new SwitchTime(events, clock);
    this.repair = new Repair(blobs, fetcher, staging, activation, events);
    this.standing = new Standing(parts.files(), activation, clock, changed);
    this.lock = standing.lock();
    this.trials =
        new Trials(
            standing,
            parts.run(),
            new TrialPhases(activation, parts.run()),
            parts.proof(),
            events,
            stopping);
    this.intake = new Intake(parts, standing, changed);
  }

  /**
   * Takes an envelope for work, or says why not. One that is known already is taken again.
   *
   * @param again whether one that was refused before is tried again
   */
  void offer(byte[] envelope, boolean again) throws DeploymentException, IOException {
    intake.offer(envelope, again);
  }

  /** A change of the hub's key that is not to be believed: told like a deployment of that kind. */
  void refusedKey(byte[] envelope, DeploymentException e) {
    intake.refuseStray(envelope, e);
  }

  DeploymentStatus status() {
    synchronized (lock) {
      Newest newest = intake.newest();
      return new DeploymentStatus(
          current().revision(),
          newest.state(),
          newest.revision(),
          newest.code(),
          newest.message(),
          current().live(),
          newest.since(),
          fetcher.progress(),
          trials.status().or(newest::trial));
    }
  }

  /** The gateway was stopped because somebody asked for it; after the last {@link #work}. */
  void stopped() throws IOException {
    standing.uncount();
  }

  /** What the deployment that is worked on, or is on trial, has to show. */
  Optional<Trial> trial() {
    synchronized (lock) {
      return intake
          .pending()
          .flatMap(one -> one.document().trial())
          .or(
              () ->
                  current()
                      .trial()
                      .map(one -> new Trial(Optional.empty(), Optional.of(one.conditions()))));
    }
  }

  /** Whether there is something that only time ends, and that is to be looked at each second. */
  boolean isTrying() {
    return trials.isOpen();
  }

  private Current current() {
    return standing.current();
  }

  /**
   * Does what there is to do.
   *
   * @return true where nothing is left; false where it is worth trying again later
   */
  boolean work() throws IOException, InterruptedException {
    if (stopping.getAsBoolean()) {
      return false; // handlers go one after the other; all goes on at the next start
    }
    activation.noticeHandlers();
    boolean ended = trials.tookBackAfterStarts();
    settle();
    if (!swept) {
      collectGarbage(); // what the last process did not come to
      swept = true;
    }
    boolean sound = repair.work();
    if (sound) {
      settle();
    }
    if (trials.judge() || ended) {
      settle();
      collectGarbage();
    }
    while (true) {
      Optional<Pending> next = intake.pending();
      if (next.isEmpty()) {
        return sound;
      }
      try {
        if (!advance(next.get())) {
          return false;
        }
      } catch (Refusal e) {
        if (Thread.currentThread().isInterrupted() || stopping.getAsBoolean()) {
          return false; // the gateway stops: that says nothing about the deployment
        }
        refuse(next.get(), e);
      } catch (TransferException e) {
        if (intake.isPending(next.get())) {
          return false;
        }
      }
    }
  }

  /** One deployment from the envelope to the commit; false where it has to wait. */
  private boolean advance(Pending one)
      throws Refusal, TransferException, IOException, InterruptedException {
    intake.verifyAgain(one);
    if (trials.isShadowing(one.digest())) {
      return time.isCome(one.document()) && switchTo(one);
    }
    trials.endShadow(); // of one that a newer has taken the place of
    List<Artifact> to = one.document().artifacts();
    Optional<Artifact> foreign = activation.withoutHandler(to);
    if (foreign.isPresent()) {
      if (starting.getAsBoolean() || activation.hasBeenTaken(foreign.get().kind())) {
        return false;
      }
      throw new Refusal(
          "artifact.unsupported_kind",
          "artifact ["
              + Activation.name(foreign.get())
              + "] is of a kind that this gateway does not take; leave it out");
    }
    fetcher.begin(to);
    for (Artifact artifact : to) {
      for (Artifact.File file : artifact.files()) {
        fetcher.fetch(file, one.document().source(file), () -> !intake.isPending(one));
      }
    }
    if (!time.isCome(one.document())) {
      return false;
    }
    if (!intake.enter(one, State.VERIFYING)) {
      return true;
    }
    for (Artifact artifact : to) {
      if (!staging.stage(artifact)) {
        return false; // fetched anew next time
      }
    }
    prepare(one);
    return switchTo(one);
  }

  /** What must be so before anything of it runs; a process that ends from here on is counted. */
  private void prepare(Pending one) throws Refusal, IOException {
    List<Artifact> to = one.document().artifacts();
    Journal journal = standing.journal();
    if (journal.digest().equals(one.digest()) && journal.attempts() >= MOST_ATTEMPTS) {
      throw interrupted(one);
    }
    if (one.document().trial().isPresent()) {
      trials.supersede(one.document().revision());
      settle();
    }
    standing.write(standing.journal().begin(one.digest(), current().live(), to));
    activation.check(to);
  }

  /** What ended the process while it was switched to was its own code. */
  private Refusal interrupted(Pending one) {
    String which = "deployment [" + one.document().revision() + "] ended the gateway [";
    return standing.journal().switches() >= MOST_ATTEMPTS
        ? new Refusal(
            "trial.three_failed_starts",
            which + MOST_ATTEMPTS + "] times in a row as soon as it was started; see its log")
        : new Refusal(
            "deployment.interrupted",
            which + MOST_ATTEMPTS + "] times while it was being checked; it is not tried again");
  }

  /** The shadow, where it has one, then the switch; false while it has to wait. */
  private boolean switchTo(Pending one) throws Refusal, IOException {
    List<Artifact> to = one.document().artifacts();
    Optional<Trial.Shadow> shadow = one.document().trial().flatMap(Trial::shadow);
    if (shadow.isPresent() && !trials.shadow(one.digest(), shadow.get(), to)) {
      if (current().newest().state() != State.SHADOW) {
        intake.enter(one, State.SHADOW);
      }
      return false;
    }
    // Again, for a shadow may lie between: what could be active then has been settled since.
    standing.write(standing.journal().switching(current().live(), to));
    trials.begin();
    activation.switchTo(to);
    commit(one);
    settle();
    collectGarbage();
    if (trials.judge()) {
      settle(); // taken back at the first look
    }
    return true;
  }

  private void commit(Pending one) throws IOException {
    synchronized (lock) {
      boolean newest = current().newest().digest().equals(one.digest());
      Optional<OnTrial> trial =
          one.document()
              .trial()
              .flatMap(Trial::live)
              .map(live -> new OnTrial(one.digest(), live, clock.instant()));
      State state = trial.isPresent() ? State.TRIAL : State.ACTIVE;
      standing.update(
          new Current(
              one.document().revision(),
              one.document().artifacts(),
              current().good(),
              newest ? intake.newest(one, state) : current().newest(),
              trial));
      intake.done(one);
    }
    events.report(
        Event.Severity.INFO,
        "deployment",
        "deployment.active",
        "deployment ["
            + one.document().revision()
            + (current().trial().isPresent() ? "] is live and on trial: " : "] is live: ")
            + one.document().artifacts().stream().map(Activation::name).toList());
  }

  private void refuse(Pending one, Refusal why) throws IOException {
    trials.refused();
    events.report(
        Event.Severity.WARNING,
        "deployment",
        why.code(),
        "deployment ["
            + one.document().revision()
            + "] is refused: "
            + why.reason()
            + "; ["
            + current().revision()
            + "] goes on");
    synchronized (lock) {
      Newest newest = current().newest();
      if (newest.digest().equals(one.digest())) {
        standing.update(
            current().with(newest.as(State.REFUSED, why.code(), why.reason(), clock.instant())));
      }
      intake.done(one);
    }
    settle();
    collectGarbage();
  }

  /** Brings the handlers to what is live. */
  private void settle() throws IOException {
    boolean tried;
    synchronized (lock) {
      tried =
          intake.pending().filter(p -> p.digest().equals(standing.journal().digest())).isPresent();
    }
    standing.settle(tried);
  }

  private void collectGarbage() throws IOException {
    List<Artifact> wanted = new ArrayList<>();
    synchronized (lock) {
      wanted.addAll(current().live());
      wanted.addAll(current().previous().artifacts());
      intake.pending().ifPresent(p -> wanted.addAll(p.document().artifacts()));
    }
    staging.retain(wanted);
    blobs.retain(wanted);
  }
}
