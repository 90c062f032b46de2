package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.deployment.DeploymentStatus.State;
import io.selvedge.api.deployment.TrialStatus;
import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.deployment.Current.Newest;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.deployment.Recipient;
import io.selvedge.protocol.deployment.SignedEnvelope;
import io.selvedge.protocol.deployment.Trial;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  private final Recipient here;
  private final TrustedKeys keys;
  private final StateFiles files;
  private final Standing standing;
  private final Trials trials;
  private final BlobStore blobs;
  private final BlobFetcher fetcher;
  private final Staging staging;
  private final Activation activation;
  private final Events events;
  private final Clock clock;
  private final BooleanSupplier starting;
  private final Runnable changed;

  private final SwitchTime time;
  private final Repair repair;
  private final Object lock;
  private Optional<Pending> pending;
  private Optional<Newest> stray = Optional.empty();
  private boolean swept;

  private record Pending(byte[] envelope, DeploymentDocument document, String digest) {}

  /**
   * What a twin works with.
   *
   * @param starting true while bundles with handlers may still come after a start
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
      TrialRun run,
      Proof proof) {}

  /**
   * Takes up where the last process stopped.
   *
   * @param changed called when the state has changed, on the thread that changed it; must not block
   */
  Twin(Parts parts, Runnable changed) throws IOException {
    this.here = parts.here();
    this.keys = parts.keys();
    this.files = parts.files();
    this.blobs = parts.blobs();
    this.fetcher = parts.fetcher();
    this.staging = parts.staging();
    this.activation = parts.activation();
    this.events = parts.events();
    this.clock = parts.clock();
    this.starting = parts.starting();
    this.changed = changed;
    this.time = new SwitchTime(events, clock);
    this.repair = new Repair(blobs, fetcher, staging, activation, events);
    this.standing = new Standing(files, activation, clock, changed);
    this.lock = standing.lock();
    this.trials =
        new Trials(
            standing, parts.run(), new TrialPhases(activation, parts.run()), parts.proof(), events);
    this.pending = recoverPending();
  }

  private Optional<Pending> recoverPending() throws IOException {
    Optional<byte[]> envelope = files.pending();
    if (envelope.isEmpty()) {
      return Optional.empty();
    }
    try {
      Pending found = pending(envelope.get());
      Newest newest = current().newest();
      if (found.document().revision() > newest.revision()) {
        standing.write(current().with(newest(found, State.FETCHING)));
        return Optional.of(found);
      }
      boolean open = Set.of(State.FETCHING, State.VERIFYING, State.SHADOW).contains(newest.state());
      if (found.digest().equals(newest.digest()) && open) {
        return Optional.of(found);
      }
    } catch (DeploymentException e) {
      events.report(
          Event.Severity.ERROR,
          "deployment",
          "deployment.state_damaged",
          "the deployment that was being worked on is damaged: " + e.getMessage());
    }
    files.deletePending(); // it was finished or refused when the last process ended
    return Optional.empty();
  }

  private static Pending pending(byte[] envelope) throws DeploymentException {
    SignedEnvelope signed = SignedEnvelope.parse(envelope);
    return new Pending(
        envelope, DeploymentDocument.parse(signed.payload()), Digests.sha256(signed.payload()));
  }

  private Newest newest(Pending of, State state) {
    Optional<TrialStatus> trial =
        Optional.of(current().newest())
            .filter(newest -> newest.digest().equals(of.digest()))
            .flatMap(Newest::trial);
    return new Newest(of.document().revision(), of.digest(), state, "", "", clock.instant(), trial);
  }

  /**
   * Takes an envelope for work, or says why not. One that is known already is taken again.
   *
   * @param again whether one that was refused before is tried again
   */
  void offer(byte[] envelope, boolean again) throws DeploymentException, IOException {
    try {
      SignedEnvelope signed = SignedEnvelope.parse(envelope);
      DeploymentDocument document = DeploymentDocument.verify(signed, keys.read());
      synchronized (lock) {
        accept(new Pending(envelope, document, Digests.sha256(signed.payload())), again);
      }
    } catch (DeploymentException e) {
      refuseStray(envelope, e);
      throw e;
    }
  }

  private void accept(Pending offered, boolean again) throws DeploymentException, IOException {
    Newest newest = current().newest();
    boolean known = offered.digest().equals(newest.digest());
    boolean ended = newest.state() == State.REFUSED || newest.state() == State.REVERTED;
    boolean onceMore = again || newest.code().equals(DeploymentException.Code.WRONG_KEY.text());
    if (known && !(onceMore && ended)) { // its key may be another one since
      if (pending.filter(p -> p.digest().equals(offered.digest())).isPresent()) {
        files.writePending(offered.envelope()); // perhaps signed with another key
        pending = Optional.of(offered);
      }
      boolean clears = stray.isPresent();
      stray = Optional.empty();
      if (clears) {
        changed.run();
      }
      return;
    }
    long seen = known ? current().revision() : newest.revision();
    offered.document().requireFor(here, seen, clock.instant());
    files.writePending(offered.envelope());
    pending = Optional.of(offered);
    stray = Optional.empty();
    standing.update(current().with(newest(offered, State.FETCHING)));
    events.report(
        Event.Severity.INFO,
        "deployment",
        "deployment.accepted",
        "deployment [" + offered.document().revision() + "] is taken for work");
  }

  /** A change of the hub's key that is not to be believed: told like a deployment of that kind. */
  void refusedKey(byte[] envelope, DeploymentException e) {
    refuseStray(envelope, e);
  }

  /** The same envelope again, for example at each connection, is not worth a second word. */
  private void refuseStray(byte[] envelope, DeploymentException e) {
    String digest = Digests.sha256(envelope);
    String code = e.code().text();
    String message = String.valueOf(e.getMessage());
    boolean known;
    synchronized (lock) {
      known = stray.filter(s -> s.digest().equals(digest) && s.code().equals(code)).isPresent();
      long newest = current().newest().revision();
      stray =
          Optional.of(
              new Newest(
                  newest, digest, State.REFUSED, code, message, clock.instant(), Optional.empty()));
    }
    if (!known) {
      events.report(Event.Severity.WARNING, "deployment", code, message);
      changed.run();
    }
  }

  DeploymentStatus status() {
    synchronized (lock) {
      Newest newest = pending.isPresent() ? current().newest() : stray.orElse(current().newest());
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

  /** What the deployment that is worked on, or is on trial, has to show. */
  Optional<Trial> trial() {
    synchronized (lock) {
      return pending
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
      Optional<Pending> next;
      synchronized (lock) {
        next = pending;
      }
      if (next.isEmpty()) {
        return sound;
      }
      try {
        if (!advance(next.get())) {
          return false;
        }
      } catch (Refusal e) {
        refuse(next.get(), e);
      } catch (TransferException e) {
        if (isPending(next.get())) {
          return false;
        }
      }
    }
  }

  /** One deployment from the envelope to the commit; false where it has to wait. */
  private boolean advance(Pending one)
      throws Refusal, TransferException, IOException, InterruptedException {
    verifyAgain(one);
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
        fetcher.fetch(file, one.document().source(file), () -> !isPending(one));
      }
    }
    if (!time.isCome(one.document())) {
      return false;
    }
    if (!enter(one, State.VERIFYING)) {
      return true;
    }
    for (Artifact artifact : to) {
      if (!staging.stage(artifact)) {
        staging.delete(artifact);
        blobs.doubt(artifact);
        return false; // fetched anew next time
      }
    }
    prepare(one);
    return switchTo(one);
  }

  private void verifyAgain(Pending one) throws Refusal {
    try {
      DeploymentDocument.verify(SignedEnvelope.parse(one.envelope()), keys.read())
          .requireFor(here, current().revision(), clock.instant());
    } catch (DeploymentException e) {
      throw new Refusal(e.code().text(), String.valueOf(e.getMessage()), e);
    }
  }

  /** What must be so before anything of it runs; a process that ends from here on is counted. */
  private void prepare(Pending one) throws Refusal, IOException {
    List<Artifact> to = one.document().artifacts();
    Journal journal = standing.journal();
    if (journal.digest().equals(one.digest()) && journal.attempts() >= MOST_ATTEMPTS) {
      throw new Refusal(
          "deployment.interrupted",
          "deployment ["
              + one.document().revision()
              + "] ended the gateway ["
              + journal.attempts()
              + "] times while it was being checked or switched to; it is not tried again");
    }
    if (one.document().trial().isPresent()) {
      trials.supersede(one.document().revision());
      settle();
    }
    standing.write(standing.journal().begin(one.digest(), current().live(), to));
    activation.check(to);
  }

  /** The shadow, where it has one, then the switch; false while it has to wait. */
  private boolean switchTo(Pending one) throws Refusal, IOException {
    List<Artifact> to = one.document().artifacts();
    Optional<Trial.Shadow> shadow = one.document().trial().flatMap(Trial::shadow);
    if (shadow.isPresent() && !trials.shadow(one.digest(), shadow.get(), to)) {
      if (current().newest().state() != State.SHADOW) {
        enter(one, State.SHADOW);
      }
      return false;
    }
    // Again, for a shadow may lie between: what could be active then has been settled since.
    standing.write(standing.journal().touching(current().live(), to));
    trials.begin();
    activation.switchTo(to);
    commit(one);
    settle();
    collectGarbage();
    trials.judge();
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
              newest ? newest(one, state) : current().newest(),
              trial));
      done(one);
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
    trials.endShadow();
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
      done(one);
    }
    settle();
    collectGarbage();
  }

  private void done(Pending one) throws IOException {
    if (isPending(one)) {
      files.deletePending();
      pending = Optional.empty();
    }
  }

  private boolean isPending(Pending one) {
    synchronized (lock) {
      return pending.filter(p -> p.digest().equals(one.digest())).isPresent();
    }
  }

  private boolean enter(Pending one, State state) throws IOException {
    synchronized (lock) {
      if (!isPending(one)) {
        return false;
      }
      standing.update(current().with(newest(one, state)));
      return true;
    }
  }

  /** Brings the handlers to what is live. */
  private void settle() throws IOException {
    boolean tried;
    synchronized (lock) {
      tried = pending.filter(p -> p.digest().equals(standing.journal().digest())).isPresent();
    }
    standing.settle(tried);
  }

  private void collectGarbage() throws IOException {
    List<Artifact> wanted = new ArrayList<>();
    synchronized (lock) {
      wanted.addAll(current().live());
      wanted.addAll(current().previous().artifacts());
      pending.ifPresent(p -> wanted.addAll(p.document().artifacts()));
    }
    staging.retain(wanted);
    blobs.retain(wanted);
  }
}
