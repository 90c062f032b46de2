package io.selvedge.outbox;

import io.selvedge.outbox.SteadyTime.Mark;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A note between the records of a segment: when those after it came, and the name behind a source's
 * number, before its first record in the segment. It makes a segment readable by itself.
 *
 * <pre>
 *   0       4        5        8        12      16       17
 *   ┌───────┬────────┬────────┬────────┬───────┬────────┬─────────────┐
 *   │ crc   │ 5d     │ length │ steady │ wall  │ source │ name, UTF-8 │
 *   │ u32   │ marker │ u24    │ u32    │ u32   │ u8     │             │
 *   └───────┴────────┴────────┴────────┴───────┴────────┴─────────────┘
 * </pre>
 *
 * {@code crc} as for records. {@code length} counts from 8 on. Times are in seconds since
 * 2020-01-01T00:00:00Z: see {@link SteadyTime}.
 */
final class NoteFormat {

  static final int MARKER = 0x5d;

  private static final int PREFIX = 8;
  private static final int FIXED = 9;
  private static final int MOST = 255;

  /**
   * A note.
   *
   * @param end place after it
   */
  record Note(Mark mark, int source, String name, int end) {}

  private NoteFormat() {}

  static int size(String name) {
    return PREFIX + FIXED + name.getBytes(StandardCharsets.UTF_8).length;
  }

  static void put(ByteBuffer out, long serial, Mark mark, int source, String name) {
    int at = out.position();
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    int length = FIXED + text.length;
    out.putInt(0).putInt(MARKER << 24 | length);
    out.putInt(RecordFormat.seconds(mark.steady())).putInt(RecordFormat.seconds(mark.wall()));
    out.put((byte) source).put(text);
    out.putInt(at, crc(out, at, length, serial));
  }

  /** Empty where there is no intact note. */
  static Optional<Note> at(ByteBuffer bytes, int at, long serial) {
    if (bytes.limit() - at < PREFIX + FIXED || bytes.get(at + 4) != MARKER) {
      return Optional.empty();
    }
    int length = bytes.getInt(at + 4) & 0xff_ffff;
    if (length < FIXED
        || length > MOST
        || length > bytes.limit() - at - PREFIX
        || bytes.getInt(at) != crc(bytes, at, length, serial)) {
      return Optional.empty();
    }
    byte[] name = new byte[length - FIXED];
    bytes.get(at + PREFIX + FIXED, name);
    Mark mark =
        new Mark(
            RecordFormat.epochSecond(bytes.getInt(at + 8)),
            RecordFormat.epochSecond(bytes.getInt(at + 12)));
    return Optional.of(
        new Note(
            mark,
            bytes.get(at + 16) & 0xff,
            new String(name, StandardCharsets.UTF_8),
            at + PREFIX + length));
  }

  private static int crc(ByteBuffer bytes, int at, int length, long serial) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, serial));
    crc.update(bytes.duplicate().limit(at + PREFIX + length).position(at + 4));
    return (int) crc.getValue();
  }
}
