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

  private final Storage storage;
  private final Path file;
  private final int lane;
  private final long serial;
  private final UUID outbox;
  private final long firstOrdinal;
  private final boolean sealed;
  private int end = SegmentHeader.FIRST_RECORD;
  private long endOrdinal;
  private Optional<FileChannel> channel = Optional.empty();

  Segment(Storage storage, Path file, SegmentHeader header) {
    this.storage = storage;
    this.file = file;
    lane = header.lane();
    serial = header.serial();
    outbox = header.outbox();
    firstOrdinal = header.firstOrdinal();
    endOrdinal = firstOrdinal;
    sealed = header.sealed();
    if (header.sealed()) {
      end = header.sealedEnd();
      endOrdinal = header.endOrdinal();
    }
  }

  /** Was full when the outbox was opened. */
  boolean sealed() {
    return sealed;
  }

  UUID outbox() {
    return outbox;
  }

  Path file() {
    return file;
  }

  int lane() {
    return lane;
  }

  long serial() {
    return serial;
  }

  long firstOrdinal() {
    return firstOrdinal;
  }

  /** Place after the last committed record. */
  int end() {
    return end;
  }

  /** One more than the last committed record's ordinal. */
  long endOrdinal() {
    return endOrdinal;
  }

  void committed(int newEnd, long newEndOrdinal) {
    end = newEnd;
    endOrdinal = newEndOrdinal;
  }

  /** Where the next segment begins counts, whatever this one holds beyond. */
  void clampTo(long ordinal) {
    endOrdinal = Math.max(firstOrdinal, Math.min(endOrdinal, ordinal));
  }

  synchronized FileChannel channel() throws IOException {
    if (channel.isEmpty()) {
      channel = Optional.of(storage.open(file));
    }
    return channel.get();
  }

  void writeHeader(boolean sealed) throws IOException {
    SegmentHeader header =
        new SegmentHeader(lane, serial, outbox, firstOrdinal, endOrdinal, sealed ? end : 0);
    storage.write(channel(), header.page(), 0);
  }

  /** Fills the buffer from a place on; short at the file's end. */
  void read(ByteBuffer into, long at) throws IOException {
    long position = at;
    while (into.hasRemaining()) {
      int count = channel().read(into, position);
      if (count < 0) {
        return;
      }
      position += count;
    }
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
