package io.selvedge.outbox;

/** Why a record was dropped. Names are stable: they are written to disk. */
public enum DropReason {
  /** Its time to live was over. */
  EXPIRED,
  /** The outbox was full, and it had to give way. */
  FULL,
  /** The outbox was full, and it went into an aggregate, which was accepted in its place. */
  THINNED,
  /** It was lost on disk: flipped bytes, a file cut short or gone. */
  DAMAGED,
  /** The receiver does not take it; it is a dead letter. */
  REFUSED
}
