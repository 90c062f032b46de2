package io.selvedge.outbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * What of a lane was handed out or skipped and lies at or beyond its head, in order. The head moves
 * over what is settled; so settling may happen in any order. Called under the outbox's lock.
 */
final class Settlements {

  enum Outcome {
    /** Handed out. */
    OUT,
    /** To be handed out again. */
    BACK,
    DELIVERED,
    DROPPED
  }

  /** A run of records of one segment with the same outcome; only dropped runs are longer than 1. */
  static final class Run {
    final long ordinal;
    final Segment segment;
    final int offset;
    long count;
    int endOffset;
    Outcome outcome;
    Optional<DropReason> reason = Optional.empty();

    Run(long ordinal, long count, Segment segment, int offset, int endOffset, Outcome outcome) {
      this.ordinal = ordinal;
      this.count = count;
      this.segment = segment;
      this.offset = offset;
      this.endOffset = endOffset;
      this.outcome = outcome;
    }

    boolean settled() {
      return outcome == Outcome.DELIVERED || outcome == Outcome.DROPPED;
    }
  }

  private final Deque<Run> runs = new ArrayDeque<>();
  private int back;

  void out(long ordinal, Segment segment, int offset, int endOffset) {
    runs.addLast(new Run(ordinal, 1, segment, offset, endOffset, Outcome.OUT));
  }

  /** Skipped on reading, all up to this place. */
  void skipped(long ordinal, long count, Segment segment, int endOffset, DropReason reason) {
    Run last = runs.peekLast();
    if (last != null
        && last.segment == segment
        && last.outcome == Outcome.DROPPED
        && last.reason.equals(Optional.of(reason))) {
      last.count += count;
      last.endOffset = endOffset;
      return;
    }
    Run run = new Run(ordinal, count, segment, endOffset, endOffset, Outcome.DROPPED);
    run.reason = Optional.of(reason);
    runs.addLast(run);
  }

  /** False where it is unknown or settled already. */
  boolean settle(long ordinal, Outcome outcome, Optional<DropReason> reason) {
    for (Run run : runs) {
      if (run.ordinal == ordinal && !run.settled()) {
        back -= run.outcome == Outcome.BACK ? 1 : 0;
        run.outcome = outcome;
        run.reason = reason;
        return true;
      }
      if (run.ordinal > ordinal) {
        return false;
      }
    }
    return false;
  }

  void handBack() {
    for (Run run : runs) {
      if (run.outcome == Outcome.OUT) {
        run.outcome = Outcome.BACK;
        back++;
      }
    }
  }

  Optional<Run> firstBack() {
    return back == 0
        ? Optional.empty()
        : runs.stream().filter(run -> run.outcome == Outcome.BACK).findFirst();
  }

  void outAgain(Run run) {
    run.outcome = Outcome.OUT;
    back--;
  }

  /** Takes the first run away if it is settled. */
  Optional<Run> pollSettled() {
    Run first = runs.peekFirst();
    return first != null && first.settled() ? Optional.of(runs.removeFirst()) : Optional.empty();
  }

  /** Forgets all of one segment. */
  void forget(Segment segment) {
    for (Iterator<Run> all = runs.iterator(); all.hasNext(); ) {
      Run run = all.next();
      if (run.segment == segment) {
        back -= run.outcome == Outcome.BACK ? 1 : 0;
        all.remove();
      }
    }
  }

  /** Records that are settled although the head did not pass them yet. */
  long settledCount() {
    return runs.stream().filter(Run::settled).mapToLong(run -> run.count).sum();
  }

  long settledCount(Segment segment) {
    return runs.stream()
        .filter(run -> run.settled() && run.segment == segment)
        .mapToLong(run -> run.count)
        .sum();
  }

  long deliveredCount() {
    return runs.stream().filter(run -> run.outcome == Outcome.DELIVERED).count();
  }

  long droppedCount(DropReason reason) {
    return runs.stream()
        .filter(run -> run.outcome == Outcome.DROPPED && run.reason.equals(Optional.of(reason)))
        .mapToLong(run -> run.count)
        .sum();
  }
}
