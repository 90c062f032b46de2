package io.selvedge.outbox;

import io.selvedge.outbox.SteadyTime.Mark;
import java.nio.ByteBuffer;
import java.util.function.IntFunction;

/** A segment that is put together in memory out of records of others. */
final class Rewriting {

  /**
   * A record that stays, or a new one.
   *
   * @param expires in seconds of {@link SteadyTime}; 0 for never
   * @param time when it came
   */
  record Kept(long id, int source, long ordinal, long expires, long time, byte[] payload) {

    int size() {
      return RecordFormat.size(payload);
    }
  }

  private static final int NOTE_SECONDS = 10;

  private final long serial;
  private final ByteBuffer bytes;
  private final IntFunction<String> names;
  private final long wall;
  private final Census census = new Census();
  private final long firstOrdinal;
  private long noted;
  private long notedAt;

  /**
   * @param firstOrdinal from here on it stands for others
   */
  Rewriting(long serial, int segmentSize, long firstOrdinal, IntFunction<String> names, long wall) {
    this.serial = serial;
    this.names = names;
    this.wall = wall;
    this.firstOrdinal = firstOrdinal;
    bytes = ByteBuffer.allocate(segmentSize).position(SegmentHeader.FIRST_RECORD);
  }

  long serial() {
    return serial;
  }

  long firstOrdinal() {
    return firstOrdinal;
  }

  Census census() {
    return census;
  }

  /** Place after the last record. */
  int end() {
    return bytes.position();
  }

  /** For records and notes, however many: an upper limit. */
  boolean fits(Iterable<Kept> records) {
    long size = 0;
    for (Kept record : records) {
      size += record.size() + NoteFormat.size(names.apply(record.source()));
    }
    return size <= bytes.remaining();
  }

  /** False where there is no room. */
  boolean put(Kept record) {
    String name = names.apply(record.source());
    boolean known =
        (noted & 1L << record.source()) != 0 && Math.abs(record.time() - notedAt) < NOTE_SECONDS;
    if (record.size() + (known ? 0 : NoteFormat.size(name)) > bytes.remaining()) {
      return false;
    }
    if (!known) {
      NoteFormat.put(bytes, serial, new Mark(record.time(), wall), record.source(), name);
      noted |= 1L << record.source();
      notedAt = record.time();
    }
    RecordFormat.put(
        bytes,
        serial,
        record.id(),
        record.source(),
        record.ordinal(),
        RecordFormat.seconds(record.expires()),
        record.payload());
    census.add(record.source(), 1, record.payload().length, record.time());
    return true;
  }

  /** The records, to be written from the first one's place on. */
  ByteBuffer records() {
    return bytes.duplicate().flip().position(SegmentHeader.FIRST_RECORD);
  }
}
