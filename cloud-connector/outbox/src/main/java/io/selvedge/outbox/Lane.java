package io.selvedge.outbox;

import io.selvedge.outbox.RecordFormat.Found;
import io.selvedge.outbox.SegmentReader.Read;
import io.selvedge.outbox.Settlements.Outcome;
import io.selvedge.outbox.Settlements.Run;
import io.selvedge.outbox.State.LaneState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
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
   * @param found in the order of their ordinals
   */
  void open(List<Segment> found, LaneState state) {
    segments.addAll(found);
    end =
        Math.max(
            state.end(), segments.isEmpty() ? 0 : segments.get(segments.size() - 1).endOrdinal());
    head = segments.isEmpty() ? end : state.head();
    cursorOrdinal = head;
    for (Segment segment : segments) {
      for (int source = 0; source < segment.unread().sources(); source++) {
        tally.found(source, segment.unread().bytes(source));
      }
    }
    if (!segments.isEmpty()) {
      Segment first = segments.get(0);
      headSerial = first.serial();
      headOffset = first.serial() == state.serial() ? state.offset() : SegmentHeader.FIRST_RECORD;
      headOffset = Math.min(headOffset, first.end()); // settled ones may be gone: it goes on there
      cursor = Optional.of(first);
      cursorOffset = headOffset;
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

  void committed(Segment segment, int endOffset, long endOrdinal, List<Pending> records, long now) {
    segment.committed(endOffset, endOrdinal);
    end = endOrdinal;
    for (Pending record : records) {
      int bytes = record.payload().length;
      segment.all().add(record.source(), 1, bytes, now);
      segment.unread().add(record.source(), 1, bytes, now);
      tally.accepted(record.source(), 1, bytes);
    }
  }

  /** The next record to hand out; skips and counts what is expired or damaged. */
  Optional<OutRecord> next(long now) throws IOException {
    Optional<Run> back = settlements.firstBack();
    while (back.isPresent()) {
      Optional<OutRecord> again = again(back.get());
      if (again.isPresent()) {
        return again;
      }
      back = settlements.firstBack();
    }
    while (cursorOrdinal < end && cursor.isPresent()) {
      Segment segment = cursor.get();
      if (segment.frozen()) {
        return Optional.empty();
      }
      Optional<Read> read =
          cursorOffset < segment.end()
              ? reader.read(segment, cursorOffset, cursorOrdinal)
              : Optional.empty();
      if (read.isEmpty() || read.get().found().ordinal() >= segment.endOrdinal()) {
        if (!finish(segment)) {
          return Optional.empty();
        }
      } else if (take(segment, read.get(), now)) {
        return Optional.of(record(read.get()));
      }
    }
    // all is read, and these were not there
    cursor
        .filter(last -> cursorOrdinal >= end && !last.frozen() && last.unread().total() > 0)
        .ifPresent(this::finish);
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

  /** False where the record is expired. */
  private boolean take(Segment segment, Read read, long now) {
    int start = cursorOffset;
    int source = Math.min(read.found().source(), Sources.OTHERS);
    int bytes = read.payload().length;
    cursorOffset = read.end();
    cursorOrdinal = read.found().ordinal() + 1;
    segment.unread().take(source, 1, bytes);
    long expires = read.found().expires();
    if (expires == 0 || expires > now) {
      settlements.out(segment, read, start);
      return true;
    }
    settlements.skipped(segment, read, start, DropReason.EXPIRED);
    tally.dropped(DropReason.EXPIRED, source, 1, bytes);
    moveHead();
    return false;
  }

  private OutRecord record(Read read) {
    Found found = read.found();
    return new OutRecord(
        found.id(), sources.name(found.source()), number, read.payload(), found.ordinal());
  }

  /** The cursor is through: what it has not seen is lost. False where it must wait. */
  private boolean finish(Segment segment) {
    Census lost = segment.unread();
    for (int source = 0; source < lost.sources(); source++) {
      if (lost.records(source) > 0) {
        settlements.lost(segment, source, lost.records(source));
        tally.dropped(DropReason.DAMAGED, source, lost.records(source), lost.bytes(source));
      }
    }
    lost.clear();
    cursorOffset = segment.end();
    cursorOrdinal = Math.max(cursorOrdinal, segment.endOrdinal());
    moveHead();
    int index = segments.indexOf(segment) + 1; // 0 where it has just been retired
    if (index == segments.size()) {
      return false;
    }
    Segment next = segments.get(index);
    if (next.frozen()) {
      return false;
    }
    segment.release();
    cursor = Optional.of(next);
    cursorOffset = SegmentHeader.FIRST_RECORD;
    cursorOrdinal = Math.max(cursorOrdinal, next.firstOrdinal());
    return true;
  }

  /** False where it is unknown, or was settled before. */
  boolean settle(long ordinal, Outcome outcome, Optional<DropReason> reason) {
    Optional<Run> settled = settlements.settle(ordinal, outcome, reason);
    settled.ifPresent(
        run ->
            reason.ifPresentOrElse(
                why -> tally.dropped(why, run.source, 1, run.bytes),
                () -> tally.delivered(run.source, run.bytes)));
    moveHead();
    return settled.isPresent();
  }

  private void moveHead() {
    Optional<Run> run = settlements.pollSettled();
    while (run.isPresent()) {
      head = Math.max(head, run.get().endOrdinal);
      headSerial = run.get().segment.serial();
      headOffset = run.get().endOffset;
      run = settlements.pollSettled();
    }
    retireSettled();
  }

  /** Segments of which nothing is left, except the one that is written. */
  private void retireSettled() {
    while (segments.size() > 1 && isSettled(segments.get(0)) && !segments.get(1).frozen()) {
      Segment first = segments.remove(0);
      head = Math.max(head, first.endOrdinal());
      enter(first);
      retired.add(first);
    }
  }

  private boolean isSettled(Segment first) {
    Iterator<Run> runs = settlements.runs().iterator();
    return first.unread().total() == 0 && (!runs.hasNext() || runs.next().segment != first);
  }

  /** Head and cursor leave a segment that is not the first one any more. */
  private void enter(Segment left) {
    Optional<Segment> next = segments.isEmpty() ? Optional.empty() : Optional.of(segments.get(0));
    if (headSerial == left.serial()) {
      headSerial = next.map(Segment::serial).orElse(0L);
      headOffset = SegmentHeader.FIRST_RECORD;
    }
    if (cursor.filter(segment -> segment == left).isPresent()) {
      cursor = next;
      cursorOffset = SegmentHeader.FIRST_RECORD;
      cursorOrdinal = Math.max(cursorOrdinal, next.map(Segment::firstOrdinal).orElse(end));
    }
  }

  /** Makes room: the oldest segment goes with all that is not settled in it. */
  Segment dropFirst() {
    Segment first = segments.remove(0);
    Census lost = first.unread();
    for (int source = 0; source < lost.sources(); source++) {
      tally.dropped(DropReason.FULL, source, lost.records(source), lost.bytes(source));
    }
    lost.clear();
    settlements.forget(
        first, run -> tally.dropped(DropReason.FULL, run.source, run.count, run.bytes));
    head = Math.max(head, segments.isEmpty() ? end : segments.get(0).firstOrdinal());
    enter(first);
    retired.add(first);
    moveHead();
    return first;
  }

  /** What may be rewritten: behind the cursor's segment, up to the one that is written. */
  List<Segment> rewritable() {
    int from = cursor.map(segments::indexOf).orElse(segments.size()) + 1;
    return from >= segments.size() - 1
        ? List.of()
        : List.copyOf(segments.subList(from, segments.size() - 1));
  }

  /** Others stand where these stood. The cursor must not have come to them. */
  void replace(List<Segment> these, List<Segment> others) {
    int index = segments.indexOf(these.get(0));
    segments.removeAll(these);
    segments.addAll(index, others);
    retired.addAll(these);
  }

  /** Whether only this source has something in the oldest segment. */
  boolean firstIsAllOf(int source) {
    if (segments.isEmpty()) {
      return false;
    }
    Segment first = segments.get(0);
    Census unread = first.unread();
    boolean others = unread.total() > unread.records(source);
    boolean mine = unread.records(source) > 0;
    for (Run run : settlements.runs()) {
      if (run.segment == first && !run.settled()) {
        others |= run.source != source;
        mine |= run.source == source;
      }
    }
    return mine && !others;
  }

  /** All segments, in order. */
  List<Segment> segments() {
    return segments;
  }

  /** What is unread in this segment came at this time or later; 0 where that is not known. */
  long unreadSince(Segment segment) {
    if (cursor.filter(mine -> mine == segment).isEmpty()) {
      return 0;
    }
    try {
      return reader.read(segment, cursorOffset, cursorOrdinal).map(Read::time).orElse(0L);
    } catch (IOException e) {
      return 0; // reading for delivery says so
    }
  }

  /** The cursor may enter what stands for others since this state. */
  void thaw(long rewritten) {
    for (Segment segment : segments) {
      if (segment.frozen() && segment.rewritten() && segment.serial() <= rewritten) {
        segment.freeze(false);
      }
    }
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
