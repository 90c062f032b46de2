package io.selvedge.deployment;

import io.selvedge.api.deployment.DeploymentStatus.State;
import io.selvedge.api.deployment.TrialStatus;
import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.deployment.Current.Newest;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.deployment.Recipient;
import io.selvedge.protocol.deployment.SignedEnvelope;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/**
 * What is offered to this gateway: which envelope is worked on, and what was turned away. It is on
 * the disk before it is worked on. On any thread, but for {@link #verifyAgain}, {@link #enter} and
 * {@link #done}.
 */
final class Intake {

  private final Recipient here;
  private final TrustedKeys keys;
  private final StateFiles files;
  private final Standing standing;
  private final Events events;
  private final Clock clock;
  private final Runnable changed;
  private final Object lock;
  private Optional<Pending> pending;
  private Optional<Newest> stray = Optional.empty();

  /** One that is worked on. */
  record Pending(byte[] envelope, DeploymentDocument document, String digest) {}

  /** Takes up where the last process stopped. */
  Intake(Twin.Parts parts, Standing standing, Runnable changed) throws IOException {
    this.here = parts.here();
    this.keys = parts.keys();
    this.files = parts.files();
    this.events = parts.events();
    this.clock = parts.clock();
    this.standing = standing;
    this.changed = changed;
    this.lock = standing.lock();
    this.pending = recover();
  }

  Optional<Pending> pending() {
    synchronized (lock) {
      return pending;
    }
  }

  /** How the newest stands, one that was turned away included. */
  Newest newest() {
    synchronized (lock) {
      Newest newest = standing.current().newest();
      return pending.isPresent() ? newest : stray.orElse(newest);
    }
  }

  /**
   * What the last process worked on, checked once more: a file that was altered, or put there by
   * somebody, must not spend the revisions up to its own. The hub's copy is taken in its place.
   */
  private Optional<Pending> recover() throws IOException {
    Optional<byte[]> envelope = files.pending();
    if (envelope.isEmpty()) {
      return Optional.empty();
    }
    Newest newest = standing.current().newest();
    try {
      Pending found = pending(envelope.get());
      boolean newer = found.document().revision() > newest.revision();
      if (newer || (found.digest().equals(newest.digest()) && isOpen(newest))) {
        DeploymentDocument document =
            DeploymentDocument.verify(SignedEnvelope.parse(found.envelope()), keys.read());
        if (newer) {
          document.requireFor(here, newest.revision(), clock.instant());
          standing.write(standing.current().with(newest(found, State.FETCHING)));
        }
        return Optional.of(found);
      }
    } catch (DeploymentException e) {
      String message =
          "the deployment on the disk that was to be worked on is refused: " + e.getMessage();
      if (!isOpen(newest) && newest.state() != State.TRIAL) { // else it still counts as going on
        stray = Optional.of(refused(envelope.get(), e.code().text(), message));
      }
      events.report(Event.Severity.ERROR, "deployment", e.code().text(), message);
    }
    try {
      files.deletePending(); // it was finished or refused when the last process ended
    } catch (IOException e) {
      events.report(
          Event.Severity.ERROR,
          "deployment",
          "deployment.disk_failed",
          "an envelope that counts no more cannot be deleted: "
              + e
              + "; it is passed over at each start; check the disk");
    }
    return Optional.empty();
  }

  private static boolean isOpen(Newest newest) {
    return Set.of(State.FETCHING, State.VERIFYING, State.SHADOW).contains(newest.state());
  }

  private static Pending pending(byte[] envelope) throws DeploymentException {
    SignedEnvelope signed = SignedEnvelope.parse(envelope);
    return new Pending(
        envelope, DeploymentDocument.parse(signed.payload()), Digests.sha256(signed.payload()));
  }

  /** How it stands, with the figures that it has. */
  Newest newest(Pending of, State state) {
    Optional<TrialStatus> trial =
        Optional.of(standing.current().newest())
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
    Newest newest = standing.current().newest();
    boolean known = offered.digest().equals(newest.digest());
    boolean ended = newest.state() == State.REFUSED || newest.state() == State.REVERTED;
    boolean onceMore = again || newest.code().equals(DeploymentException.Code.WRONG_KEY.text());
    boolean lost = isOpen(newest) && pending.isEmpty(); // the disk has lost the envelope
    if (known && !(onceMore && ended) && !lost) { // its key may be another one since
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
    long seen = known ? standing.current().revision() : newest.revision();
    offered.document().requireFor(here, seen, clock.instant());
    files.writePending(offered.envelope());
    pending = Optional.of(offered);
    stray = Optional.empty();
    standing.update(standing.current().with(newest(offered, State.FETCHING)));
    events.report(
        Event.Severity.INFO,
        "deployment",
        "deployment.accepted",
        "deployment [" + offered.document().revision() + "] is taken for work");
  }

  /** The same envelope again, for example at each connection, is not worth a second word. */
  void refuseStray(byte[] envelope, DeploymentException e) {
    String code = e.code().text();
    Newest now;
    boolean known;
    synchronized (lock) {
      now = refused(envelope, code, String.valueOf(e.getMessage()));
      known =
          stray.filter(s -> s.digest().equals(now.digest()) && s.code().equals(code)).isPresent();
      stray = Optional.of(now);
    }
    if (!known) {
      events.report(Event.Severity.WARNING, "deployment", code, now.message());
      changed.run();
    }
  }

  /** It was not for this gateway to count: the newest revision is the one before. */
  private Newest refused(byte[] envelope, String code, String message) {
    return new Newest(
        standing.current().newest().revision(),
        Digests.sha256(envelope),
        State.REFUSED,
        code,
        message,
        clock.instant(),
        Optional.empty());
  }

  /** What was good when it came may not be so any more: a key, the time. */
  void verifyAgain(Pending one) throws Refusal {
    try {
      DeploymentDocument.verify(SignedEnvelope.parse(one.envelope()), keys.read())
          .requireFor(here, standing.current().revision(), clock.instant());
    } catch (DeploymentException e) {
      throw new Refusal(e.code().text(), String.valueOf(e.getMessage()), e);
    }
  }

  /** Its work is at its end. Under {@link Standing#lock}. */
  void done(Pending one) throws IOException {
    if (isPending(one)) {
      files.deletePending();
      pending = Optional.empty();
    }
  }

  boolean isPending(Pending one) {
    synchronized (lock) {
      return pending.filter(p -> p.digest().equals(one.digest())).isPresent();
    }
  }

  /** The next state; false where a newer one has taken its place. */
  boolean enter(Pending one, State state) throws IOException {
    synchronized (lock) {
      if (!isPending(one)) {
        return false;
      }
      standing.update(standing.current().with(newest(one, state)));
      return true;
    }
  }
}
