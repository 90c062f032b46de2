package io.selvedge.outbox;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A record in a segment; numbers are big-endian:
 *
 * <pre>
 *   0       4        5          8        9     16        20         24
 *   ┌───────┬────────┬──────────┬────────┬─────┬─────────┬──────────┬─────────┐
 *   │ crc   │ 5e     │ length   │ source │ id  │ ordinal │ expires  │ payload │
 *   │ u32   │ marker │ u24      │ u8     │ u56 │ u32     │ u32      │ length  │
 *   └───────┴────────┴──────────┴────────┴─────┴─────────┴──────────┴─────────┘
 * </pre>
 *
 * {@code crc} is CRC-32C of the segment's serial number (8 bytes) and of all that follows it; a
 * record that an earlier use of the file left there does not pass. {@code ordinal} counts the
 * records of a priority (low 32 bits): a gap tells how many are lost. {@code source} is a number of
 * {@link Sources}. {@code expires} is in seconds since 2020-01-01T00:00:00Z, 0 for never.
 */
final class RecordFormat {

  static final int HEADER = 24;

  private static final int MARKER = 0x5e;
  private static final int ID_BITS = 56;
  private static final long ID_MASK = (1L << ID_BITS) - 1;
  private static final long EPOCH_2020 = 1_577_836_800L;

  /**
   * A record that was found.
   *
   * @param at where it begins in the buffer
   */
  record Found(int at, long id, int source, long ordinal, long expires, int length) {

    int end() {
      return at + HEADER + length;
    }

    byte[] payload(ByteBuffer buffer) {
      byte[] payload = new byte[length];
      buffer.get(at + HEADER, payload);
      return payload;
    }
  }

  private RecordFormat() {}

  static int size(byte[] payload) {
    return HEADER + payload.length;
  }

  /** Seconds since 1970 to what is on disk; 0 stays 0. */
  static int seconds(long epochSecond) {
    return epochSecond == 0
        ? 0
        : (int) Math.max(1, Math.min(0xffff_ffffL, epochSecond - EPOCH_2020));
  }

  /** The other way round. */
  static long epochSecond(int seconds) {
    return seconds == 0 ? 0 : (seconds & 0xffff_ffffL) + EPOCH_2020;
  }

  /**
   * Writes a record at the buffer's position.
   *
   * @param expires as {@link #seconds} makes it
   */
  static void put(
      ByteBuffer out, long serial, long id, int source, long ordinal, int expires, byte[] payload) {
    int at = out.position();
    out.putInt(0).putInt(MARKER << 24 | payload.length);
    out.putLong((long) source << ID_BITS | id).putInt((int) ordinal).putInt(expires).put(payload);
    out.putInt(at, crc(out, at, payload.length, serial));
  }

  /**
   * Reads the record at a place.
   *
   * @param bytes the buffer, up to its limit
   * @param first ordinal of the segment's first record
   * @param next the lowest ordinal that may come
   * @return empty where there is no intact record
   */
  static Optional<Found> at(ByteBuffer bytes, int at, long serial, long first, long next) {
    if (bytes.limit() - at < HEADER || bytes.get(at + 4) != MARKER) {
      return Optional.empty();
    }
    int length = bytes.getInt(at + 4) & 0xff_ffff;
    long ordinal = first + ((bytes.getInt(at + 16) - (int) first) & 0xffff_ffffL);
    if (length == 0
        || length > bytes.limit() - at - HEADER
        || ordinal < next
        || bytes.getInt(at) != crc(bytes, at, length, serial)) {
      return Optional.empty();
    }
    long id = bytes.getLong(at + 8);
    return Optional.of(
        new Found(
            at,
            id & ID_MASK,
            (int) (id >>> ID_BITS),
            ordinal,
            epochSecond(bytes.getInt(at + 20)),
            length));
  }

  /** The first intact record at or after a place; empty where there is none. */
  static Optional<Found> search(ByteBuffer bytes, int from, long serial, long first, long next) {
    for (int at = from; at <= bytes.limit() - HEADER; at++) {
      Optional<Found> found = at(bytes, at, serial, first, next);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Bytes of the record or note at a place, as it says itself; 0 where it cannot be one. */
  static int claimed(ByteBuffer bytes, int at) {
    if (bytes.limit() - at < 8) {
      return 0;
    }
    int marker = bytes.get(at + 4);
    int length = bytes.getInt(at + 4) & 0xff_ffff;
    return marker == MARKER ? HEADER + length : marker == NoteFormat.MARKER ? 8 + length : 0;
  }

  private static int crc(ByteBuffer bytes, int at, int length, long serial) {
    CRC32C crc = new CRC32C();
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      crc.update((int) (serial >>> shift) & 0xff);
    }
    int from = at + 4;
    int size = HEADER + length - 4;
    if (bytes.hasArray()) { // a duplicate for each record has its cost
      crc.update(bytes.array(), bytes.arrayOffset() + from, size);
    } else {
      crc.update(bytes.duplicate().limit(from + size).position(from));
    }
    return (int) crc.getValue();
  }
}
