package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.DeploymentStatus.State;
import io.selvedge.api.deployment.TrialStatus;
import io.selvedge.deployment.Current.Newest;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is live, on the disk and in the handlers: {@code current.json}, {@code journal.json} and how
 * the one is brought about by the other. Changes of {@link Current} are made under {@link #lock};
 * it may be read on any thread. The rest on the deployment's.
 */
final class Standing {

  private final StateFiles files;
  private final Activation activation;
  private final Clock clock;
  private final Runnable changed;
  private final Object lock = new Object();
  private final Journal atStart;
  private volatile Current current;
  private Journal journal;

  /**
   * @param changed called when {@link Current} has changed, on the thread that changed it
   */
  Standing(StateFiles files, Activation activation, Clock clock, Runnable changed)
      throws IOException {
    this.files = files;
    this.activation = activation;
    this.clock = clock;
    this.changed = changed;
    Current found = files.current();
    current =
        found.newest().state() == State.NONE
            ? found.with(found.newest().as(State.NONE, "", "", clock.instant()))
            : found;
    journal = files.journal();
    atStart = journal;
  }

  /** The process ends because somebody asked for it: attempts of this one do not count. */
  void uncount() throws IOException {
    Journal uncounted = journal.uncounted(atStart);
    if (!uncounted.equals(journal)) {
      write(uncounted);
    }
  }

  Object lock() {
    return lock;
  }

  Current current() {
    return current;
  }

  Journal journal() {
    return journal;
  }

  /** Holds the lock's order: disk first, then memory, then whoever listens. */
  void update(Current now) throws IOException {
    write(now);
    changed.run();
  }

  /** Figures have changed, nothing else. */
  void tell() {
    changed.run();
  }

  /** The same without telling. */
  void write(Current now) throws IOException {
    files.write(now);
    current = now;
  }

  void write(Journal now) throws IOException {
    files.write(now);
    journal = now;
  }

  /** How a phase of its trial went stays with the deployment; written with the next change. */
  void keepFigures(String digest, Optional<TrialStatus> figures) {
    synchronized (lock) {
      if (current.newest().digest().equals(digest)) {
        current = current.with(current.newest().with(figures));
      }
    }
  }

  /** The live deployment has proved itself. */
  void prove(OnTrial trial) throws IOException {
    synchronized (lock) {
      update(current.proved(newest(trial.digest(), State.ACTIVE, "", "")));
    }
  }

  /**
   * The last good deployment is to be live again: one change on the disk, which {@link #settle}
   * brings about.
   */
  void takeBack(String digest, String code, String reason) throws IOException {
    List<Artifact> touched = new ArrayList<>(journal.touched());
    touched.addAll(current.live());
    touched.addAll(current.previous().artifacts());
    write(Journal.touched(touched));
    synchronized (lock) {
      update(current.backToPrevious(newest(digest, State.REVERTED, code, reason)));
    }
  }

  private Newest newest(String digest, State state, String code, String reason) {
    Newest newest = current.newest();
    return newest.digest().equals(digest)
        ? newest.as(state, code, reason, clock.instant())
        : newest; // a newer one is on its way
  }

  /**
   * Brings the handlers to what is live, and forgets the journal where nothing is open.
   *
   * @param tried whether the deployment that the journal is for is still being worked on
   */
  void settle(boolean tried) throws IOException {
    List<Artifact> open = activation.settle(current.live(), journal.touched());
    if (open.isEmpty() && !tried) {
      if (!journal.equals(Journal.NONE)) {
        files.deleteJournal();
        journal = Journal.NONE;
      }
    } else if (!open.equals(journal.touched())) {
      write(journal.with(open));
    }
  }
}
