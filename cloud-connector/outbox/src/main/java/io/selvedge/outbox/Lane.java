package io.selvedge.outbox;

import io.selvedge.outbox.RecordFormat.Found;
import io.selvedge.outbox.SegmentReader.Read;
import io.selvedge.outbox.Settlements.Outcome;
import io.selvedge.outbox.Settlements.Run;
import io.selvedge.outbox.State.LaneState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The records of one priority: segments from the oldest to the one that is written.
 *
 * <pre>
 *   ordinals   … settled │ handed out, some settled │ not read yet │ being committed …
 *                        head                       cursor         end
 * </pre>
 *
 * Called under the outbox's lock.
 */
final class Lane {

  private final int number;
  private final Tally tally;
  private final Sources sources;
  private final List<Segment> segments = new ArrayList<>();
  private final Settlements settlements = new Settlements();
  private final SegmentReader reader = new SegmentReader();
  private final List<Segment> retired = new ArrayList<>();
  private long head;
  private long headSerial;
  private int headOffset;
  private long end;
  private Optional<Segment> cursor = Optional.empty();
  private int cursorOffset;
  private long cursorOrdinal;

  Lane(int number, Tally tally, Sources sources) {
    this.number = number;
    this.tally = tally;
    this.sources = sources;
  }

  /**
   * Takes over what is on disk.
   *
   * @param found in the order of their serial numbers
   */
  void open(List<Segment> found, LaneState state) {
    segments.addAll(found);
    head = state.head();
    end =
        Math.max(
            state.end(), segments.isEmpty() ? 0 : segments.get(segments.size() - 1).endOrdinal());
    cursorOrdinal = head;
    if (segments.isEmpty()) {
      tally.addDropped(DropReason.DAMAGED, end - head);
      head = end;
      cursorOrdinal = end;
      return;
    }
    Segment first = segments.get(0);
    headSerial = first.serial();
    headOffset = first.serial() == state.serial() ? state.offset() : SegmentHeader.FIRST_RECORD;
    cursor = Optional.of(first);
    cursorOffset = headOffset;
    if (first.serial() != state.serial()) {
      skipTo(first, first.firstOrdinal());
    }
  }

  LaneState state() {
    return new LaneState(head, headSerial, headOffset, end);
  }

  long end() {
    return end;
  }

  boolean holdsSegments() {
    return !segments.isEmpty();
  }

  Optional<Segment> last() {
    return segments.isEmpty() ? Optional.empty() : Optional.of(segments.get(segments.size() - 1));
  }

  long pending() {
    return end - head - settlements.settledCount();
  }

  Settlements settlements() {
    return settlements;
  }

  /** A new segment follows; the one before is full. */
  void add(Segment segment) {
    segments.add(segment);
    if (cursor.isEmpty()) {
      cursor = Optional.of(segment);
      cursorOffset = SegmentHeader.FIRST_RECORD;
      headSerial = segment.serial();
      headOffset = cursorOffset;
    }
    retireSettled();
  }

  void committed(Segment segment, int endOffset, long endOrdinal) {
    segment.committed(endOffset, endOrdinal);
    end = endOrdinal;
  }

  /** The next record to hand out; skips and counts what is expired or damaged. */
  Optional<OutRecord> next(long nowSeconds) throws IOException {
    Optional<Run> back = settlements.firstBack();
    while (back.isPresent()) {
      Optional<OutRecord> again = again(back.get());
      if (again.isPresent()) {
        return again;
      }
      back = settlements.firstBack();
    }
    while (cursorOrdinal < end && cursor.isPresent()) {
      Optional<OutRecord> record = step(cursor.get(), nowSeconds);
      if (record.isPresent()) {
        return record;
      }
    }
    return Optional.empty();
  }

  private Optional<OutRecord> again(Run run) throws IOException {
    Optional<Read> read = reader.read(run.segment, run.offset, run.ordinal);
    if (read.isPresent() && read.get().found().ordinal() == run.ordinal) {
      settlements.outAgain(run);
      return Optional.of(record(read.get()));
    }
    settle(run.ordinal, Outcome.DROPPED, Optional.of(DropReason.DAMAGED));
    return Optional.empty();
  }

  private Optional<OutRecord> step(Segment segment, long nowSeconds) throws IOException {
    if (cursorOffset >= segment.end() || cursorOrdinal >= segment.endOrdinal()) {
      nextSegment(segment);
      return Optional.empty();
    }
    Optional<Read> read = reader.read(segment, cursorOffset, cursorOrdinal);
    if (read.isEmpty() || read.get().found().ordinal() >= segment.endOrdinal()) {
      cursorOffset = segment.end();
      return Optional.empty();
    }
    long ordinal = read.get().found().ordinal();
    skipTo(segment, ordinal);
    int start = cursorOffset;
    cursorOffset = read.get().end();
    cursorOrdinal = ordinal + 1;
    long expires = read.get().found().expires();
    if (expires > 0 && expires <= nowSeconds) {
      drop(segment, ordinal, 1, DropReason.EXPIRED);
      return Optional.empty();
    }
    settlements.out(ordinal, segment, start, cursorOffset);
    return Optional.of(record(read.get()));
  }

  private OutRecord record(Read read) {
    Found found = read.found();
    return new OutRecord(
        found.id(), sources.name(found.source()), number, read.payload(), found.ordinal());
  }

  private void nextSegment(Segment segment) {
    int index = segments.indexOf(segment);
    Optional<Segment> next =
        index < segments.size() - 1 ? Optional.of(segments.get(index + 1)) : Optional.empty();
    skipTo(segment, next.map(Segment::firstOrdinal).orElse(end));
    if (next.isPresent()) {
      segment.release();
      cursor = next;
      cursorOffset = SegmentHeader.FIRST_RECORD;
    }
  }

  /** What lies between the cursor and this ordinal is lost. */
  private void skipTo(Segment segment, long ordinal) {
    long lost = ordinal - cursorOrdinal;
    if (lost > 0) {
      long from = cursorOrdinal;
      cursorOrdinal = ordinal;
      drop(segment, from, lost, DropReason.DAMAGED);
    }
  }

  private void drop(Segment segment, long ordinal, long count, DropReason reason) {
    settlements.skipped(ordinal, count, segment, cursorOffset, reason);
    tally.addDropped(reason, count);
    moveHead();
  }

  /** False where it is unknown, or was settled before. */
  boolean settle(long ordinal, Outcome outcome, Optional<DropReason> reason) {
    if (!settlements.settle(ordinal, outcome, reason)) {
      return false;
    }
    reason.ifPresentOrElse(why -> tally.addDropped(why, 1), tally::addDelivered);
    moveHead();
    return true;
  }

  private void moveHead() {
    Optional<Run> run = settlements.pollSettled();
    while (run.isPresent()) {
      head = run.get().ordinal + run.get().count;
      headSerial = run.get().segment.serial();
      headOffset = run.get().endOffset;
      run = settlements.pollSettled();
    }
    retireSettled();
  }

  /** Segments that the head has passed, except the one that is written. */
  private void retireSettled() {
    while (segments.size() > 1 && segments.get(0).endOrdinal() <= head) {
      Segment first = segments.remove(0);
      Segment next = segments.get(0);
      if (cursor.filter(segment -> segment == first).isPresent()) {
        cursor = Optional.of(next);
        cursorOffset = SegmentHeader.FIRST_RECORD;
      }
      if (headSerial == first.serial()) {
        headSerial = next.serial();
        headOffset = SegmentHeader.FIRST_RECORD;
      }
      retired.add(first);
    }
  }

  /** Makes room: the oldest segment goes with all that is not settled in it. */
  Segment dropFirst() {
    Segment first = segments.remove(0);
    long newHead = Math.max(head, segments.isEmpty() ? end : first.endOrdinal());
    long lost = newHead - head - settlements.settledCount(first);
    settlements.forget(first);
    tally.addDropped(DropReason.FULL, lost);
    head = newHead;
    Optional<Segment> next = last().map(any -> segments.get(0));
    headSerial = next.map(Segment::serial).orElse(0L);
    headOffset = SegmentHeader.FIRST_RECORD;
    if (cursorOrdinal <= newHead) {
      cursorOrdinal = newHead;
      cursor = next;
      cursorOffset = SegmentHeader.FIRST_RECORD;
    }
    retired.add(first);
    moveHead();
    return first;
  }

  /** Segments that nobody needs; they may be used again once a state is on disk that says so. */
  List<Segment> takeRetired() {
    List<Segment> taken = List.copyOf(retired);
    retired.clear();
    return taken;
  }

  void release() {
    segments.forEach(Segment::release);
    reader.forget();
  }
}
