package io.selvedge.outbox;

import io.selvedge.outbox.NoteFormat.Note;
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
  private long noteSerial;
  private long noteTime;

  /**
   * A record and its payload; places are those in the file.
   *
   * @param time when it came, in seconds of {@link SteadyTime}, to some seconds
   */
  record Read(Found found, byte[] payload, int end, long time) {}

  /**
   * The record at a place, or else the first intact one after it.
   *
   * @return empty where there is none up to the segment's committed end
   */
  Optional<Read> read(Segment segment, int from, long nextOrdinal) throws IOException {
    int at = from;
    while (at < segment.end()) {
      Optional<Read> read = readAt(segment, at, nextOrdinal);
      if (read.isPresent()) {
        return read;
      }
      Optional<Note> note = NoteFormat.at(chunk, at - chunkAt, segment.serial());
      if (note.isEmpty()) {
        return salvage(segment, at, nextOrdinal);
      }
      noteSerial = segment.serial();
      noteTime = note.get().mark().steady();
      at = chunkAt + note.get().end();
    }
    return Optional.empty();
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
        .map(found -> read(segment, found));
  }

  private Optional<Read> salvage(Segment segment, int at, long nextOrdinal) throws IOException {
    load(segment, at, segment.end() - at);
    Optional<Read> read =
        RecordFormat.search(chunk, 0, segment.serial(), segment.firstOrdinal(), nextOrdinal)
            .map(found -> read(segment, found));
    forget();
    return read;
  }

  private Read read(Segment segment, Found found) {
    long time = noteSerial == segment.serial() ? noteTime : segment.all().since(found.source());
    return new Read(found, found.payload(chunk), chunkAt + found.end(), time);
  }

  private void load(Segment segment, int at, int size) throws IOException {
    int wanted = Math.min(size, segment.end() - at);
    if (chunk.capacity() < wanted) {
      chunk = ByteBuffer.allocate(wanted);
    }
    chunkSerial = 0; // where it cannot be read, nothing of what it held before counts
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
}
