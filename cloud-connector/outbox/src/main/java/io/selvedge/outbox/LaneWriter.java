package io.selvedge.outbox;

import io.selvedge.outbox.SteadyTime.Mark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Writes the records of one lane. The committing thread's own. */
final class LaneWriter {

  /** Finds a segment to write to, and tells what is on disk. */
  interface Room {
    /** Empty where there is no room. */
    Optional<Segment> newSegment(int lane, long firstOrdinal, Pending first) throws IOException;

    /** All these are on disk, up to this place of the segment. */
    void committed(Segment segment, int end, long endOrdinal, List<Pending> records);
  }

  private static final int BUFFER = 64 * 1024;
  private static final int NOTE_SECONDS = 10;

  private final int lane;
  private final Storage storage;
  private final OutboxOptions options;
  private final Room room;
  private final IntFunction<String> names;
  private final Supplier<Mark> time;
  private Optional<Segment> active = Optional.empty();
  private int written;
  private long ordinal;
  private long noted;
  private long notedAt;
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private final List<Pending> uncommitted = new ArrayList<>();

  /**
   * @param names of sources, by their numbers
   */
  LaneWriter(
      int lane,
      Storage storage,
      OutboxOptions options,
      Room room,
      IntFunction<String> names,
      Supplier<Mark> time) {
    this.lane = lane;
    this.storage = storage;
    this.options = options;
    this.room = room;
    this.names = names;
    this.time = time;
  }

  /** Goes on in a segment that is not full. */
  void resume(Optional<Segment> last, long endOrdinal) {
    ordinal = endOrdinal;
    noted = 0;
    active = last;
    last.ifPresent(segment -> written = segment.end());
  }

  /** Its segment was taken away. */
  void forget(Segment segment) {
    if (active.filter(mine -> mine == segment).isPresent()) {
      active = Optional.empty();
    }
  }

  /** Writes all and waits for the device; returns those for which there is no room. */
  List<Pending> write(List<Pending> records) throws IOException {
    Mark now = time.get();
    List<Pending> refused = new ArrayList<>();
    long full = 0; // a bit for each source that finds no room
    for (Pending record : records) {
      if ((full & 1L << record.source()) != 0) {
        refused.add(record);
        continue;
      }
      int size = RecordFormat.size(record.payload());
      Optional<String> note = note(record, now);
      int both = size + note.map(NoteFormat::size).orElse(0);
      if (active.isEmpty() || written + buffer.position() + both > options.segmentSize()) {
        if (!roll(record)) {
          full |= 1L << record.source();
          refused.add(record);
          continue;
        }
        note = note(record, now);
      }
      if (note.isPresent()) {
        put(note.get(), record.source(), now);
      }
      put(record, size);
    }
    commit();
    return refused;
  }

  /** After an error: nothing that is not committed counts; the segment is not written again. */
  List<Pending> abandon(long endOrdinal) {
    List<Pending> lost = List.copyOf(uncommitted);
    uncommitted.clear();
    buffer.clear();
    active = Optional.empty();
    ordinal = endOrdinal;
    return lost;
  }

  /** The name to write down before a record; empty where it is known and the time, too. */
  private Optional<String> note(Pending record, Mark now) {
    boolean known = (noted & 1L << record.source()) != 0;
    return known && now.steady() - notedAt < NOTE_SECONDS
        ? Optional.empty()
        : Optional.of(names.apply(record.source()));
  }

  private boolean roll(Pending first) throws IOException {
    commit();
    if (active.isPresent()) {
      active.get().seal();
      active = Optional.empty();
    }
    active = room.newSegment(lane, ordinal, first);
    noted = 0;
    written = SegmentHeader.FIRST_RECORD;
    return active.isPresent();
  }

  private void put(String name, int source, Mark now) throws IOException {
    makeRoom(NoteFormat.size(name));
    NoteFormat.put(buffer, active.orElseThrow().serial(), now, source, name);
    noted |= 1L << source;
    notedAt = now.steady();
  }

  private void makeRoom(int size) throws IOException {
    if (buffer.remaining() < size) {
      flush();
      if (buffer.capacity() < size) {
        buffer = ByteBuffer.allocate(Math.max(BUFFER, size));
      }
    }
  }

  private void put(Pending record, int size) throws IOException {
    makeRoom(size);
    RecordFormat.put(
        buffer,
        active.orElseThrow().serial(),
        record.id(),
        record.source(),
        ordinal,
        record.expires(),
        record.payload());
    ordinal++;
    uncommitted.add(record);
  }

  private void flush() throws IOException {
    if (buffer.position() > 0) {
      buffer.flip();
      int size = buffer.limit();
      storage.write(active.orElseThrow().channel(), buffer, written);
      written += size;
    }
    buffer.clear();
  }

  private void commit() throws IOException {
    if (uncommitted.isEmpty()) {
      return;
    }
    Segment segment = active.orElseThrow();
    flush();
    storage.force(segment.channel());
    List<Pending> done = List.copyOf(uncommitted);
    uncommitted.clear();
    room.committed(segment, written, ordinal, done);
  }
}
