package io.selvedge.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * One file of an outbox while it holds records of one lane. All but the constructor is called under
 * the outbox's lock, or by the committing thread for the segment that it writes.
 */
final class Segment {

  /** A bit for each source. */
  static final long ALL_SOURCES = -1;

  private final Storage storage;
  private final Path file;
  private final SegmentHeader header;
  private int end = SegmentHeader.FIRST_RECORD;
  private long endOrdinal;
  private final Census all = new Census();
  private final Census unread = new Census();
  private boolean frozen;
  private long thinned;
  private Optional<FileChannel> channel = Optional.empty();

  Segment(Storage storage, Path file, SegmentHeader header) {
    this.storage = storage;
    this.file = file;
    this.header = header;
    endOrdinal = header.firstOrdinal();
    thinned = (header.flags() & SegmentHeader.THINNED) != 0 ? ALL_SOURCES : 0;
    if (header.sealed()) {
      end = header.sealedEnd();
      endOrdinal = header.endOrdinal();
    }
  }

  /** As it was when it was opened or made. */
  SegmentHeader header() {
    return header;
  }

  /** Was full when the outbox was opened. */
  boolean sealed() {
    return header.sealed();
  }

  boolean rewritten() {
    return (header.flags() & SegmentHeader.REWRITTEN) != 0;
  }

  /** Holds of these sources aggregates only, or nothing that can be made into some. */
  boolean thinned(long sources) {
    return (thinned & sources) == sources;
  }

  /**
   * Nothing more is to be had of these sources.
   *
   * @param sources a bit for each
   */
  void cannotBeThinned(long sources) {
    thinned |= sources;
  }

  UUID outbox() {
    return header.outbox();
  }

  Path file() {
    return file;
  }

  int lane() {
    return header.lane();
  }

  long serial() {
    return header.serial();
  }

  long firstOrdinal() {
    return header.firstOrdinal();
  }

  /** Place after the last committed record. */
  int end() {
    return end;
  }

  /** One more than the last committed record's ordinal. */
  long endOrdinal() {
    return endOrdinal;
  }

  /** All that was ever committed in it. */
  Census all() {
    return all;
  }

  /** What the cursor has not come to yet. */
  Census unread() {
    return unread;
  }

  /** The cursor must not enter it now. */
  boolean frozen() {
    return frozen;
  }

  void freeze(boolean now) {
    frozen = now;
  }

  void committed(int newEnd, long newEndOrdinal) {
    end = newEnd;
    endOrdinal = newEndOrdinal;
  }

  /** Where the next segment begins counts, whatever this one holds beyond. */
  void clampTo(long ordinal) {
    endOrdinal = Math.max(firstOrdinal(), Math.min(endOrdinal, ordinal));
  }

  synchronized FileChannel channel() throws IOException {
    if (channel.isEmpty()) {
      channel = Optional.of(storage.open(file));
    }
    return channel.get();
  }

  void writeHeader() throws IOException {
    storage.write(channel(), header.page(), 0);
  }

  /** It is full. */
  void seal() throws IOException {
    SegmentHeader full =
        new SegmentHeader(
            lane(),
            serial(),
            outbox(),
            firstOrdinal(),
            endOrdinal,
            end,
            header.flags(),
            Optional.of(all));
    storage.write(channel(), full.page(), 0);
  }

  /** Fills the buffer from a place on; short at the file's end. */
  void read(ByteBuffer into, long at) throws IOException {
    storage.read(file, channel(), into, at);
  }

  /** Closes the file; it is opened again when it is asked for. */
  synchronized void release() {
    if (channel.isPresent()) {
      try {
        channel.get().close();
      } catch (IOException e) {
        // what was forced is on disk; nothing depends on the close
      }
      channel = Optional.empty();
    }
  }
}
