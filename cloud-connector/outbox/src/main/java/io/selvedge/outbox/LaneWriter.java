package io.selvedge.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes the records of one lane. The committing thread's own. */
final class LaneWriter {

  /** Finds a segment to write to, and tells what is on disk. */
  interface Room {
    /** Empty where there is no room. */
    Optional<Segment> newSegment(int lane, long firstOrdinal) throws IOException;

    /** All these are on disk, up to this place of the segment. */
    void committed(Segment segment, int end, long endOrdinal, List<Pending> records);
  }

  private static final int BUFFER = 64 * 1024;

  private final int lane;
  private final Storage storage;
  private final OutboxOptions options;
  private final Room room;
  private Optional<Segment> active = Optional.empty();
  private int written;
  private long ordinal;
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private final List<Pending> uncommitted = new ArrayList<>();

  LaneWriter(int lane, Storage storage, OutboxOptions options, Room room) {
    this.lane = lane;
    this.storage = storage;
    this.options = options;
    this.room = room;
  }

  /** Goes on in a segment that is not full. */
  void resume(Optional<Segment> last, long endOrdinal) {
    ordinal = endOrdinal;
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
    for (int i = 0; i < records.size(); i++) {
      Pending record = records.get(i);
      int size = RecordFormat.size(record.payload());
      if (active.isEmpty() || written + buffer.position() + size > options.segmentSize()) {
        if (!roll()) {
          return records.subList(i, records.size());
        }
      }
      put(record, size);
    }
    commit();
    return List.of();
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

  private boolean roll() throws IOException {
    commit();
    if (active.isPresent()) {
      active.get().writeHeader(true);
      active = Optional.empty();
    }
    active = room.newSegment(lane, ordinal);
    written = SegmentHeader.FIRST_RECORD;
    return active.isPresent();
  }

  private void put(Pending record, int size) throws IOException {
    if (buffer.remaining() < size) {
      flush();
      if (buffer.capacity() < size) {
        buffer = ByteBuffer.allocate(Math.max(BUFFER, size));
      }
    }
    RecordFormat.put(buffer, active.orElseThrow().serial(), ordinal, record);
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
