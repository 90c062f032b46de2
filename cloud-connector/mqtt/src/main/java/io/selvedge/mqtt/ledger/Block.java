package io.selvedge.mqtt.ledger;

import io.selvedge.api.uplink.Deliveries.Delivery;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Deliveries that are written together:
 *
 * <pre>
 *   0          4          8
 *   ┌──────────┬──────────┬───────────────────────────────────────────┐
 *   │ length   │ CRC-32C  │ deflated: -2, count, then for each        │
 *   │ of bytes │ of bytes │ delivery numbers, times, names by index   │
 *   └──────────┴──────────┴───────────────────────────────────────────┘
 * </pre>
 *
 * A name is written where it first occurs. When a message was accepted and sent is written as how
 * long before its delivery, since that packs better. Blocks of version 1 did not hold that; they
 * begin with the count, and are still read.
 */
final class Block {

  private static final int HEADER = 8;
  private static final int VERSION = -2;
  private static final long UNKNOWN = Long.MIN_VALUE;
  private static final int BUFFER = 8192;
  private static final int LARGEST = 64 * 1024 * 1024;

  private Block() {}

  static ByteBuffer bytes(List<Delivery> deliveries) throws IOException {
    Plain plain = new Plain(deliveries.size());
    for (Delivery one : deliveries) {
      plain.add(one);
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream(BUFFER);
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed, deflater, BUFFER)) {
      out.write(plain.bytes.array(), 0, plain.bytes.position());
    } finally {
      deflater.end();
    }
    byte[] body = packed.toByteArray();
    return ByteBuffer.allocate(HEADER + body.length)
        .putInt(body.length)
        .putInt(crc(body))
        .put(body)
        .flip();
  }

  /** What is deflated. */
  private static final class Plain {
    private static final int NUMBERS = 6 * Long.BYTES + 2 * Integer.BYTES;
    private static final int NAMES = 4;

    private final Map<String, Integer> names = new HashMap<>();
    private final String[] before = {"", "", "", ""};
    private final int[] indexBefore = {-1, -1, -1, -1};
    private ByteBuffer bytes;

    Plain(int count) {
      int most = 2 * Integer.BYTES + count * (NUMBERS + NAMES * Integer.BYTES) + 1024;
      bytes = ByteBuffer.allocate(most).putInt(VERSION).putInt(count);
    }

    void add(Delivery one) throws IOException {
      room(NUMBERS);
      bytes
          .putLong(one.number())
          .putLong(one.record())
          .putLong(one.time().toEpochMilli())
          .putLong(one.delivered().toEpochMilli())
          .putLong(before(one.accepted(), one.delivered()))
          .putLong(before(one.sent(), one.delivered()))
          .putInt(one.bytes())
          .putInt(one.measurements());
      name(0, one.outbox());
      name(1, one.source());
      name(2, one.app());
      name(3, one.resource());
    }

    private static long before(Optional<Instant> what, Instant delivered) {
      return what.isPresent() ? delivered.toEpochMilli() - what.get().toEpochMilli() : UNKNOWN;
    }

    /** By its index, which is looked for only where it is not that of the one before. */
    private void name(int which, String name) throws IOException {
      room(Integer.BYTES);
      if (indexBefore[which] >= 0 && name.equals(before[which])) {
        bytes.putInt(indexBefore[which]);
        return;
      }
      Integer known = names.get(name);
      int index = known == null ? names.size() : known;
      bytes.putInt(index);
      if (known == null) {
        names.put(name, index);
        text(name);
      }
      before[which] = name;
      indexBefore[which] = index;
    }

    /** As {@link DataInputStream#readUTF} reads it. */
    private void text(String name) throws IOException {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      new DataOutputStream(text).writeUTF(name);
      room(text.size());
      bytes.put(text.toByteArray());
    }

    private void room(int size) {
      if (bytes.remaining() < size) {
        bytes = ByteBuffer.allocate(2 * bytes.capacity() + size).put(bytes.flip());
      }
    }
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /**
   * A block that is whole.
   *
   * @param at where it begins
   */
  record Found(int at, List<Delivery> deliveries) {}

  /** The next one, behind whatever is damaged; empty where there is none. */
  static Optional<Found> search(ByteBuffer in) {
    for (int at = in.position(); in.limit() - at >= HEADER; at++) {
      Optional<List<Delivery>> deliveries = read(in.position(at));
      if (deliveries.isPresent()) {
        return Optional.of(new Found(at, deliveries.get()));
      }
    }
    return Optional.empty();
  }

  /** The next block, or empty where there is none, or none that is whole. */
  static Optional<List<Delivery>> read(ByteBuffer in) {
    if (in.remaining() < HEADER) {
      return Optional.empty();
    }
    int length = in.getInt();
    int crc = in.getInt();
    if (length <= 0 || length > LARGEST || length > in.remaining()) {
      return Optional.empty();
    }
    byte[] body = new byte[length];
    in.get(body);
    if (crc(body) != crc) {
      return Optional.empty();
    }
    try (DataInputStream data =
        new DataInputStream(
            new BufferedInputStream(
                new InflaterInputStream(new ByteArrayInputStream(body)), BUFFER))) {
      return Optional.of(deliveries(data));
    } catch (IOException | IndexOutOfBoundsException e) {
      return Optional.empty(); // its check sum was right: written by a version that is not ours
    }
  }

  private static List<Delivery> deliveries(DataInputStream in) throws IOException {
    List<String> names = new ArrayList<>();
    List<Delivery> deliveries = new ArrayList<>();
    int first = in.readInt();
    boolean traced = first == VERSION;
    int count = traced ? in.readInt() : first;
    for (int i = 0; i < count; i++) {
      long number = in.readLong();
      long record = in.readLong();
      Instant time = Instant.ofEpochMilli(in.readLong());
      long delivered = in.readLong();
      long accepted = traced ? in.readLong() : UNKNOWN;
      long sent = traced ? in.readLong() : UNKNOWN;
      int bytes = in.readInt();
      int measurements = in.readInt();
      deliveries.add(
          new Delivery(
              number,
              name(names, in),
              record,
              name(names, in),
              name(names, in),
              name(names, in),
              time,
              instant(delivered, accepted),
              instant(delivered, sent),
              Instant.ofEpochMilli(delivered),
              bytes,
              measurements));
    }
    return deliveries;
  }

  private static Optional<Instant> instant(long delivered, long before) {
    return before == UNKNOWN
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(delivered - before));
  }

  private static String name(List<String> names, DataInputStream in) throws IOException {
    int index = in.readInt();
    if (index == names.size()) {
      names.add(in.readUTF());
    }
    return names.get(index);
  }
}
