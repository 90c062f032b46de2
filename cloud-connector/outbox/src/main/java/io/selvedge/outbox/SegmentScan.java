package io.selvedge.outbox;

import io.selvedge.outbox.NoteFormat.Note;
import io.selvedge.outbox.RecordFormat.Found;
import io.selvedge.outbox.SteadyTime.Mark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a whole segment and counts what is in it: at the opening, where its header does not say.
 */
final class SegmentScan {

  private static final int LARGEST = 64 * 1024 * 1024;

  private final Segment segment;
  private final long head;
  private final long counted;
  private final long next;
  private final Census beyond = new Census();
  private final Map<Integer, String> names = new HashMap<>();
  private Mark mark = Mark.NONE;
  private int damaged;
  private long newestId;

  /**
   * @param head records before it are settled
   * @param counted records from it on are not in the state's counters yet
   * @param next from here on the next segment counts
   */
  SegmentScan(Segment segment, long head, long counted, long next) {
    this.segment = segment;
    this.head = head;
    this.counted = counted;
    this.next = next;
  }

  /** Counts; finds the end where the segment was not sealed: after its last intact record. */
  void run() throws IOException {
    long size = segment.channel().size();
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size, LARGEST));
    segment.read(bytes, 0);
    bytes.flip();
    int at = SegmentHeader.FIRST_RECORD;
    long ordinal = segment.firstOrdinal();
    boolean more = true;
    while (more) {
      Optional<Note> note = NoteFormat.at(bytes, at, segment.serial());
      if (note.isPresent()) {
        mark = note.get().mark();
        names.put(note.get().source(), note.get().name());
        at = note.get().end();
        continue;
      }
      Optional<Found> found =
          RecordFormat.search(bytes, at, segment.serial(), segment.firstOrdinal(), ordinal);
      more = found.isPresent();
      if (more) {
        damaged += found.get().at() - at;
        at = found.get().end();
        ordinal = found.get().ordinal() + 1;
        count(found.get());
      }
    }
    if (!segment.sealed()) {
      segment.committed(at, ordinal);
    }
  }

  private void count(Found found) {
    newestId = Math.max(newestId, found.id());
    if (found.ordinal() >= next) {
      return;
    }
    int source = Math.min(found.source(), Sources.OTHERS);
    segment.all().add(source, 1, found.length(), mark.steady());
    if (found.ordinal() >= head) {
      segment.unread().add(source, 1, found.length(), mark.steady());
    }
    if (found.ordinal() >= counted) {
      beyond.add(source, 1, found.length(), mark.steady());
    }
  }

  /** What the state's counters do not know of. */
  Census beyond() {
    return beyond;
  }

  /** Names of sources, by their numbers. */
  Map<Integer, String> names() {
    return names;
  }

  /** The time of the last note; none where there is no note. */
  Mark mark() {
    return mark;
  }

  /** Bytes between intact records. */
  int damaged() {
    return damaged;
  }

  /** 0 where there is no record. */
  long newestId() {
    return newestId;
  }
}
