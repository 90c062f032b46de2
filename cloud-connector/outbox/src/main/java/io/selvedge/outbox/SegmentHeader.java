package io.selvedge.outbox;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The first page of a segment, written twice, at 0 and at 2048; numbers are big-endian:
 *
 * <pre>
 *   0        8         12     16       24          40        48       56       60
 *   ┌────────┬─────────┬──────┬────────┬───────────┬─────────┬────────┬────────┬──────┐
 *   │ magic  │ version │ lane │ serial │ outbox id │ ordinal │ last   │ last   │ crc  │
 *   │ SVGOUT │ 1       │      │        │           │ first   │ ordinal│ end    │      │
 *   │        │ u32     │ u32  │ i64    │ UUID      │ i64     │ i64    │ u32    │ u32  │
 *   └────────┴─────────┴──────┴────────┴───────────┴─────────┴────────┴────────┴──────┘
 * </pre>
 *
 * Records begin at 4096. {@code lane} is the priority. {@code serial} rises with every use of any
 * file. {@code end} is 0 while records are written; then it is the place after the last record and
 * {@code last ordinal} one more than that record's. {@code crc} is CRC-32C of what comes before.
 *
 * @param sealedEnd place after the last record; 0 while it is written
 * @param endOrdinal one more than the last record's ordinal; meaningful only when sealed
 */
record SegmentHeader(
    int lane, long serial, UUID outbox, long firstOrdinal, long endOrdinal, int sealedEnd) {

  static final int FIRST_RECORD = 4096;
  static final int COPY = 2048;

  private static final long MAGIC = 0x5356_474f_5554_0d0aL;
  private static final int VERSION = 1;
  private static final int SIZE = 64;

  boolean sealed() {
    return sealedEnd > 0;
  }

  /** One page with both copies. */
  ByteBuffer page() {
    ByteBuffer page = ByteBuffer.allocate(FIRST_RECORD);
    ByteBuffer one = ByteBuffer.allocate(SIZE);
    one.putLong(MAGIC).putInt(VERSION).putInt(lane).putLong(serial);
    one.putLong(outbox.getMostSignificantBits()).putLong(outbox.getLeastSignificantBits());
    one.putLong(firstOrdinal).putLong(endOrdinal).putInt(sealedEnd);
    one.putInt(crc(one.array(), SIZE - Integer.BYTES));
    page.put(0, one.array()).put(COPY, one.array());
    return page;
  }

  /** The newer of the copies that are intact; empty where none is. */
  static Optional<SegmentHeader> read(ByteBuffer page) {
    Optional<SegmentHeader> first = readOne(page, 0);
    Optional<SegmentHeader> second = readOne(page, COPY);
    if (first.isEmpty() || second.isEmpty()) {
      return first.or(() -> second);
    }
    SegmentHeader one = first.get();
    SegmentHeader two = second.get();
    boolean secondIsNewer = two.serial > one.serial || (two.serial == one.serial && two.sealed());
    return secondIsNewer ? second : first;
  }

  private static Optional<SegmentHeader> readOne(ByteBuffer page, int at) {
    if (page.limit() < at + SIZE) {
      return Optional.empty();
    }
    byte[] bytes = new byte[SIZE];
    page.get(at, bytes);
    ByteBuffer one = ByteBuffer.wrap(bytes);
    if (one.getLong() != MAGIC
        || one.getInt() != VERSION
        || one.getInt(SIZE - Integer.BYTES) != crc(bytes, SIZE - Integer.BYTES)) {
      return Optional.empty();
    }
    return Optional.of(
        new SegmentHeader(
            one.getInt(),
            one.getLong(),
            new UUID(one.getLong(), one.getLong()),
            one.getLong(),
            one.getLong(),
            one.getInt()));
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
