package io.selvedge.sparkplug;

import io.selvedge.sparkplug.StoredMessage.Stamp;

/**
 * Tells in which session a message was accepted, without a clock: the sessions of a run are
 * counted, and the run has a number that was drawn. Any thread.
 */
final class Sessions {

  private final long run;
  private long count;
  private volatile long current;

  /**
   * @param run a random number
   */
  Sessions(long run) {
    this.run = run;
  }

  /** Births are out. */
  void begin() {
    count++;
    current = count;
  }

  /** The session is over. */
  void end() {
    current = 0;
  }

  /** For what is accepted now. */
  Stamp stamp() {
    return new Stamp(run, current);
  }

  /** Whether it was accepted in the session that is going on. */
  boolean isCurrent(Stamp stamp) {
    return stamp.run() == run && stamp.session() == current && stamp.session() != 0;
  }
}
