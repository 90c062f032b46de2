package io.selvedge.outbox;

/** What a rewriting changes in the counters. */
final class Delta {

  private final Census expired = new Census();
  private final Census full = new Census();
  private final Census thinned = new Census();
  private final Census damaged = new Census();
  private final Census aggregates = new Census();

  Census expired() {
    return expired;
  }

  Census full() {
    return full;
  }

  /** Originals that aggregates stand for. */
  Census thinned() {
    return thinned;
  }

  Census damaged() {
    return damaged;
  }

  /** New records. */
  Census aggregates() {
    return aggregates;
  }

  void add(Delta other) {
    expired.add(other.expired);
    full.add(other.full);
    thinned.add(other.thinned);
    damaged.add(other.damaged);
    aggregates.add(other.aggregates);
  }

  /** Under the outbox's lock. */
  void apply(Tally tally) {
    for (int source = 0; source < Sources.MOST; source++) {
      drop(tally, DropReason.EXPIRED, expired, source);
      drop(tally, DropReason.FULL, full, source);
      drop(tally, DropReason.THINNED, thinned, source);
      drop(tally, DropReason.DAMAGED, damaged, source);
      tally.replaced(source, aggregates.records(source), aggregates.bytes(source));
    }
  }

  private static void drop(Tally tally, DropReason reason, Census dropped, int source) {
    tally.dropped(reason, source, dropped.records(source), dropped.bytes(source));
  }
}
