package io.selvedge.mqtt.ledger;

import io.selvedge.api.uplink.Deliveries.Delivery;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Deliveries that are written together:
 *
 * <pre>
 *   0          4          8
 *   ┌──────────┬──────────┬───────────────────────────────────────────┐
 *   │ length   │ CRC-32C  │ deflated: count, then for each delivery   │
 *   │ of bytes │ of bytes │ numbers and times, names by their index   │
 *   └──────────┴──────────┴───────────────────────────────────────────┘
 * </pre>
 *
 * A name is written where it first occurs.
 */
final class Block {

  private static final int HEADER = 8;
  private static final int BUFFER = 8192; // what deflates takes its time for every call
  private static final int LARGEST = 64 * 1024 * 1024;

  private Block() {}

  static ByteBuffer bytes(List<Delivery> deliveries) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(new DeflaterOutputStream(packed), BUFFER))) {
      Map<String, Integer> names = new LinkedHashMap<>();
      out.writeInt(deliveries.size());
      for (Delivery one : deliveries) {
        out.writeLong(one.number());
        out.writeLong(one.record());
        out.writeLong(one.time().toEpochMilli());
        out.writeLong(one.delivered().toEpochMilli());
        out.writeInt(one.bytes());
        out.writeInt(one.measurements());
        name(one.outbox(), names, out);
        name(one.source(), names, out);
        name(one.app(), names, out);
        name(one.resource(), names, out);
      }
    }
    byte[] body = packed.toByteArray();
    return ByteBuffer.allocate(HEADER + body.length)
        .putInt(body.length)
        .putInt(crc(body))
        .put(body)
        .flip();
  }

  private static void name(String name, Map<String, Integer> names, DataOutputStream out)
      throws IOException {
    Integer known = names.get(name);
    if (known == null) {
      out.writeInt(names.size());
      out.writeUTF(name);
      names.put(name, names.size());
    } else {
      out.writeInt(known);
    }
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
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
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      long number = in.readLong();
      long record = in.readLong();
      Instant time = Instant.ofEpochMilli(in.readLong());
      Instant delivered = Instant.ofEpochMilli(in.readLong());
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
              delivered,
              bytes,
              measurements));
    }
    return deliveries;
  }

  private static String name(List<String> names, DataInputStream in) throws IOException {
    int index = in.readInt();
    if (index == names.size()) {
      names.add(in.readUTF());
    }
    return names.get(index);
  }
}
