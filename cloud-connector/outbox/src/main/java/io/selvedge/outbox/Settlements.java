package io.selvedge.outbox;

import io.selvedge.outbox.SegmentReader.Read;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;

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

  /** Records of one segment and source with the same outcome; only dropped ones are many. */
  static final class Run {
    final Segment segment;
    final int source;
    final long bytes;
    final long time;
    final long ordinal;
    final int offset;
    long count;
    long endOrdinal;
    int endOffset;
    Outcome outcome;
    Optional<DropReason> reason = Optional.empty();

    private Run(Segment segment, Read read, int offset) {
      this.segment = segment;
      source = Math.min(read.found().source(), Sources.OTHERS);
      bytes = read.payload().length;
      time = read.time();
      ordinal = read.found().ordinal();
      this.offset = offset;
      count = 1;
      endOrdinal = ordinal + 1;
      endOffset = read.end();
      outcome = Outcome.OUT;
    }

    private Run(Segment segment, int source, long count, DropReason why) {
      this.segment = segment;
      this.source = source;
      this.count = count;
      bytes = 0;
      time = 0;
      ordinal = segment.endOrdinal();
      offset = segment.end();
      endOrdinal = segment.endOrdinal();
      endOffset = segment.end();
      outcome = Outcome.DROPPED;
      reason = Optional.of(why);
    }

    boolean settled() {
      return outcome == Outcome.DELIVERED || outcome == Outcome.DROPPED;
    }
  }

  private final Deque<Run> runs = new ArrayDeque<>();
  private int back;

  void out(Segment segment, Read read, int offset) {
    runs.addLast(new Run(segment, read, offset));
  }

  /** A record that was read and is not handed out. */
  void skipped(Segment segment, Read read, int offset, DropReason why) {
    Run run = new Run(segment, read, offset);
    run.outcome = Outcome.DROPPED;
    run.reason = Optional.of(why);
    Run last = runs.peekLast();
    if (last != null
        && last.segment == segment
        && last.source == run.source
        && last.outcome == Outcome.DROPPED
        && last.reason.equals(run.reason)) {
      last.count++;
      last.endOrdinal = run.endOrdinal;
      last.endOffset = run.endOffset;
    } else {
      runs.addLast(run);
    }
  }

  /** Records that are not there any more; the cursor is at the segment's end. */
  void lost(Segment segment, int source, long count) {
    runs.addLast(new Run(segment, source, count, DropReason.DAMAGED));
  }

  /** The run that was settled; empty where it is unknown or was settled before. */
  Optional<Run> settle(long ordinal, Outcome outcome, Optional<DropReason> reason) {
    for (Run run : runs) {
      if (run.ordinal == ordinal && !run.settled()) {
        back -= run.outcome == Outcome.BACK ? 1 : 0;
        run.outcome = outcome;
        run.reason = reason;
        return Optional.of(run);
      }
      if (run.ordinal > ordinal) {
        return Optional.empty();
      }
    }
    return Optional.empty();
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

  /** Forgets all of one segment; tells those that were not settled. */
  void forget(Segment segment, Consumer<Run> unsettled) {
    for (Iterator<Run> all = runs.iterator(); all.hasNext(); ) {
      Run run = all.next();
      if (run.segment == segment) {
        back -= run.outcome == Outcome.BACK ? 1 : 0;
        all.remove();
        if (!run.settled()) {
          unsettled.accept(run);
        }
      }
    }
  }

  /** All, in order. */
  Iterable<Run> runs() {
    return runs;
  }
}
