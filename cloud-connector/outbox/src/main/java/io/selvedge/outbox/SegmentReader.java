package io.selvedge.outbox;

import io.selvedge.outbox.RecordFormat.Found;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads the records of one lane, chunk by chunk, and finds the next intact one after damage. */
final class SegmentReader {

  private static final int CHUNK = 64 * 1024;

  private ByteBuffer chunk = ByteBuffer.allocate(0);
  private long chunkSerial;
  private int chunkAt;

  /**
   * What a scan found.
   *
   * @param damaged bytes between intact records
   * @param newestId 0 where there is no record
   */
  record Scan(int damaged, long newestId) {}

  /** A record and its payload; places are those in the file. */
  record Read(Found found, byte[] payload, int end) {}

  /**
   * The record at a place, or else the first intact one after it.
   *
   * @return empty where there is none up to the segment's committed end
   */
  Optional<Read> read(Segment segment, int at, long nextOrdinal) throws IOException {
    Optional<Read> read = readAt(segment, at, nextOrdinal);
    return read.isPresent() ? read : salvage(segment, at, nextOrdinal);
  }

  private Optional<Read> readAt(Segment segment, int at, long nextOrdinal) throws IOException {
    if (chunkSerial != segment.serial() || at < chunkAt || at >= chunkAt + chunk.limit()) {
      load(segment, at, CHUNK);
    }
    Optional<Read> read = find(segment, at, nextOrdinal);
    if (read.isEmpty()) {
      int claimed = Math.max(RecordFormat.HEADER, RecordFormat.claimed(chunk, at - chunkAt));
      if (claimed > chunkAt + chunk.limit() - at && claimed <= segment.end() - at) {
        load(segment, at, Math.max(CHUNK, claimed));
        read = find(segment, at, nextOrdinal);
        claimed = RecordFormat.claimed(chunk, 0);
        if (read.isEmpty() && claimed > chunk.limit() && claimed <= segment.end() - at) {
          load(segment, at, claimed);
          read = find(segment, at, nextOrdinal);
        }
      }
    }
    return read;
  }

  private Optional<Read> find(Segment segment, int at, long nextOrdinal) {
    return RecordFormat.at(
            chunk, at - chunkAt, segment.serial(), segment.firstOrdinal(), nextOrdinal)
        .map(found -> read(found));
  }

  private Optional<Read> salvage(Segment segment, int at, long nextOrdinal) throws IOException {
    load(segment, at, segment.end() - at);
    Optional<Read> read =
        RecordFormat.search(chunk, 0, segment.serial(), segment.firstOrdinal(), nextOrdinal)
            .map(this::read);
    forget();
    return read;
  }

  private Read read(Found found) {
    return new Read(found, found.payload(chunk), chunkAt + found.end());
  }

  private void load(Segment segment, int at, int size) throws IOException {
    int wanted = Math.min(size, segment.end() - at);
    if (chunk.capacity() < wanted) {
      chunk = ByteBuffer.allocate(wanted);
    }
    chunk.clear().limit(wanted);
    segment.read(chunk, at);
    chunk.flip();
    chunkSerial = segment.serial();
    chunkAt = at;
  }

  /** Nothing of a file is kept; a large buffer neither. */
  void forget() {
    chunkSerial = 0;
    if (chunk.capacity() > CHUNK) {
      chunk = ByteBuffer.allocate(0);
    }
    chunk.limit(0);
  }

  /**
   * Finds the end of a segment that was not sealed: after its last intact record.
   *
   * @return what was found on the way
   */
  static Scan scan(Segment segment) throws IOException {
    long size = segment.channel().size();
    ByteBuffer all = ByteBuffer.allocate((int) Math.min(size, 64 * 1024 * 1024));
    segment.read(all, 0);
    all.flip();
    int at = SegmentHeader.FIRST_RECORD;
    long next = segment.firstOrdinal();
    int damaged = 0;
    long newestId = 0;
    Optional<Found> found =
        RecordFormat.search(all, at, segment.serial(), segment.firstOrdinal(), next);
    while (found.isPresent()) {
      damaged += found.get().at() - at;
      newestId = Math.max(newestId, found.get().id());
      at = found.get().end();
      next = found.get().ordinal() + 1;
      found = RecordFormat.search(all, at, segment.serial(), segment.firstOrdinal(), next);
    }
    segment.committed(at, next);
    return new Scan(damaged, newestId);
  }
}
