package io.selvedge.outbox;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The first page of a segment, written twice, at 0 and at 2048; numbers are big-endian:
 *
 * <pre>
 *   0        8         12     16       24          40        48       56       60      64
 *   ┌────────┬─────────┬──────┬────────┬───────────┬─────────┬────────┬────────┬───────┬──────┐
 *   │ magic  │ version │ lane │ serial │ outbox id │ ordinal │ last   │ last   │ flags │ crc  │
 *   │ SVGOUT │ 2       │      │        │           │ first   │ ordinal│ end    │       │      │
 *   │        │ u32     │ u32  │ i64    │ UUID      │ i64     │ i64    │ u32    │ u32   │ u32  │
 *   └────────┴─────────┴──────┴────────┴───────────┴─────────┴────────┴────────┴───────┴──────┘
 *   512    516      524        528
 *   ┌──────┬────────┬──────────┬────────────────────────────────────────────────────┐
 *   │ crc  │ serial │ how many │ times that: source u8, records u32, bytes of       │
 *   │ u32  │ i64    │ u32      │ payload u32, first came u32                        │
 *   └──────┴────────┴──────────┴────────────────────────────────────────────────────┘
 * </pre>
 *
 * Records begin at 4096. {@code lane} is the priority. {@code serial} rises with every use of any
 * file. {@code end} is 0 while records are written; then it is the place after the last record and
 * {@code last ordinal} one more than that record's. The first part fits into one sector, so that it
 * is old or new and nothing else; the second, there when the segment is full, says what is in it.
 * {@code crc} is CRC-32C of what comes before, or after up to the table's end. Version 1 has
 * neither flags nor table.
 *
 * @param sealedEnd place after the last record; 0 while it is written
 * @param endOrdinal one more than the last record's ordinal; meaningful only when sealed
 * @param flags of {@link #REWRITTEN} and {@link #THINNED}
 * @param census what is in it; empty where that is not known
 */
record SegmentHeader(
    int lane,
    long serial,
    UUID outbox,
    long firstOrdinal,
    long endOrdinal,
    int sealedEnd,
    int flags,
    Optional<Census> census) {

  static final int FIRST_RECORD = 4096;
  static final int COPY = 2048;

  /** Stands for older segments of its lane that begin within its ordinals, once a state says so. */
  static final int REWRITTEN = 1;

  /** Holds aggregates, and cannot be thinned again. */
  static final int THINNED = 2;

  private static final long MAGIC = 0x5356_474f_5554_0d0aL;
  private static final int VERSION = 2;
  private static final int SIZE = 68;
  private static final int SIZE_1 = 64;
  private static final int TABLE = 512;
  private static final int TABLE_PREFIX = 16;
  private static final int ENTRY = 13;

  boolean sealed() {
    return sealedEnd > 0;
  }

  /** One page with both copies. */
  ByteBuffer page() {
    ByteBuffer page = ByteBuffer.allocate(FIRST_RECORD);
    ByteBuffer one = ByteBuffer.allocate(SIZE);
    one.putLong(MAGIC).putInt(VERSION).putInt(lane).putLong(serial);
    one.putLong(outbox.getMostSignificantBits()).putLong(outbox.getLeastSignificantBits());
    one.putLong(firstOrdinal).putLong(endOrdinal).putInt(sealedEnd).putInt(flags);
    one.putInt(crc(one.array(), 0, SIZE - Integer.BYTES));
    page.put(0, one.array()).put(COPY, one.array());
    if (census.isPresent()) {
      byte[] table = table(census.get());
      page.put(TABLE, table).put(COPY + TABLE, table);
    }
    return page;
  }

  private byte[] table(Census counts) {
    ByteBuffer table = ByteBuffer.allocate(TABLE_PREFIX + ENTRY * counts.sources());
    table.putInt(0).putLong(serial).putInt(counts.sources());
    for (int source = 0; source < counts.sources(); source++) {
      table.put((byte) source).putInt(counts.records(source)).putInt((int) counts.bytes(source));
      table.putInt(RecordFormat.seconds(counts.since(source)));
    }
    table.putInt(0, crc(table.array(), Integer.BYTES, table.capacity()));
    return table.array();
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
    boolean secondIsNewer =
        two.serial > one.serial
            || (two.serial == one.serial
                && two.sealed()
                && (!one.sealed() || one.census.isEmpty()));
    return secondIsNewer ? second : first;
  }

  private static Optional<SegmentHeader> readOne(ByteBuffer page, int at) {
    if (page.limit() < at + SIZE) {
      return Optional.empty();
    }
    byte[] bytes = new byte[SIZE];
    page.get(at, bytes);
    ByteBuffer one = ByteBuffer.wrap(bytes);
    if (one.getLong() != MAGIC) {
      return Optional.empty();
    }
    int version = one.getInt();
    int size = version == 1 ? SIZE_1 : SIZE;
    if (version < 1
        || version > VERSION
        || one.getInt(size - Integer.BYTES) != crc(bytes, 0, size - Integer.BYTES)) {
      return Optional.empty();
    }
    int lane = one.getInt();
    long serial = one.getLong();
    UUID outbox = new UUID(one.getLong(), one.getLong());
    long firstOrdinal = one.getLong();
    long endOrdinal = one.getLong();
    int end = one.getInt();
    int flags = version == 1 ? 0 : one.getInt();
    Optional<Census> census =
        version == 1 ? plain(endOrdinal - firstOrdinal, end) : readTable(page, at + TABLE, serial);
    return Optional.of(
        new SegmentHeader(lane, serial, outbox, firstOrdinal, endOrdinal, end, flags, census));
  }

  /** What a sealed segment of version 1 holds: all of one source, of which no time is known. */
  private static Optional<Census> plain(long records, int end) {
    if (end == 0) {
      return Optional.empty();
    }
    Census census = new Census();
    long bytes = end - FIRST_RECORD - RecordFormat.HEADER * records;
    census.add(Sources.OWN, (int) records, bytes, 0);
    return Optional.of(census);
  }

  private static Optional<Census> readTable(ByteBuffer page, int at, long serial) {
    if (page.limit() < at + TABLE_PREFIX
        || page.getLong(at + 4) != serial
        || page.getInt(at + 12) < 0
        || page.getInt(at + 12) > Sources.MOST) {
      return Optional.empty();
    }
    int sources = page.getInt(at + 12);
    byte[] bytes = new byte[TABLE_PREFIX + ENTRY * sources];
    if (page.limit() < at + bytes.length) {
      return Optional.empty();
    }
    page.get(at, bytes);
    ByteBuffer table = ByteBuffer.wrap(bytes);
    if (table.getInt(0) != crc(bytes, Integer.BYTES, bytes.length)) {
      return Optional.empty();
    }
    Census census = new Census();
    table.position(TABLE_PREFIX);
    for (int i = 0; i < sources; i++) {
      int source = table.get();
      int records = table.getInt();
      long payload = table.getInt() & 0xffff_ffffL;
      long since = RecordFormat.epochSecond(table.getInt());
      if (records > 0) {
        census.add(source, records, payload, since);
      }
    }
    return Optional.of(census);
  }

  private static int crc(byte[] bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, to - from);
    return (int) crc.getValue();
  }
}
