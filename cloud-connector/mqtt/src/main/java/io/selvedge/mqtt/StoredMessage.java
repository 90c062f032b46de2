package io.selvedge.mqtt;

import io.selvedge.api.uplink.Message;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Records;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A message as it lies in the outbox:
 *
 * <pre>
 *   0    1        3
 *   ┌────┬────────┬───────────────────┬───────────────────────────────┐
 *   │ v  │ length │ app/resource,     │ KuraPayload, not compressed,  │
 *   │    │ u16    │ UTF-8             │ without the record's identity │
 *   └────┴────────┴───────────────────┴───────────────────────────────┘
 * </pre>
 *
 * {@code v} is the version, 1, plus 16 where the message goes out at QoS 0. Account and gateway are
 * not in it: they are those at the time of sending.
 *
 * @param path app and resource, the end of the topic
 * @param stored these bytes. Do not change the array
 * @param from where the payload begins in them
 * @param qos 0 or 1, see {@link Message#qos}
 */
record StoredMessage(String path, byte[] stored, int from, int qos) {

  private static final byte VERSION = 1;
  private static final byte VERSION_AT_MOST_ONCE = 1 | 0x10;
  private static final int HEADER = 3;
  private static final int LONGEST_PATH = 0xffff;

  /** A path that is allowed, as it is written: most messages have that of one before them. */
  private record Path(String app, String resource, byte[] bytes) {

    /** Checks it. */
    static Path of(String app, String resource) {
      String name = app + '/' + resource;
      if (!name.codePoints().allMatch(StoredMessage::isAllowed)) {
        throw new IllegalArgumentException(
            "topic ["
                + name
                + "] must not hold control or unassigned characters; MQTT forbids them");
      }
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      if (bytes.length > LONGEST_PATH) {
        throw new IllegalArgumentException(
            "topic of [" + bytes.length + "] bytes is too long; MQTT allows 65535");
      }
      return new Path(app, resource, bytes);
    }

    boolean isOf(Message message) {
      return app.equals(message.app()) && resource.equals(message.resource());
    }
  }

  private static volatile Path last = new Path("", "", new byte[0]);

  /**
   * As it goes into the outbox.
   *
   * @throws IllegalArgumentException where MQTT forbids such a topic
   */
  static byte[] bytes(Message message) {
    Path path = last;
    if (!path.isOf(message)) {
      path = Path.of(message.app(), message.resource());
      last = path;
    }
    byte[] bytes = Records.encodePlain(message, HEADER + path.bytes.length);
    head(ByteBuffer.wrap(bytes), message.qos(), path.bytes);
    return bytes;
  }

  /**
   * As it goes into the outbox again.
   *
   * @param path of a message that was there
   */
  static byte[] bytes(String path, KuraPayload content, int qos) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    byte[] payload = KuraCodec.encodePlain(content);
    ByteBuffer bytes = ByteBuffer.allocate(HEADER + name.length + payload.length);
    head(bytes, qos, name);
    return bytes.put(payload).array();
  }

  private static void head(ByteBuffer out, int qos, byte[] path) {
    out.put(qos == Message.AT_MOST_ONCE ? VERSION_AT_MOST_ONCE : VERSION)
        .putShort((short) path.length)
        .put(path);
  }

  private static int qos(byte version) {
    return version == VERSION ? Message.AT_LEAST_ONCE : Message.AT_MOST_ONCE;
  }

  private static boolean isAllowed(int codePoint) {
    int type = Character.getType(codePoint);
    return type != Character.CONTROL && type != Character.UNASSIGNED && type != Character.SURROGATE;
  }

  /** To which the identity is appended; a copy. */
  byte[] payload() {
    return Arrays.copyOfRange(stored, from, stored.length);
  }

  /** Empty where the bytes are of a version that this one does not know. */
  static Optional<StoredMessage> parse(byte[] bytes) {
    return parse(bytes, Optional.empty());
  }

  /**
   * The same, quicker where another has the same path.
   *
   * @param like the one before
   */
  static Optional<StoredMessage> parse(byte[] bytes, Optional<StoredMessage> like) {
    if (bytes.length < HEADER || (bytes[0] != VERSION && bytes[0] != VERSION_AT_MOST_ONCE)) {
      return Optional.empty();
    }
    int from = HEADER + ((bytes[1] & 0xff) << 8 | (bytes[2] & 0xff));
    if (from > bytes.length) {
      return Optional.empty();
    }
    String path =
        like.isPresent() && like.get().hasPathOf(bytes, from)
            ? like.get().path
            : new String(bytes, HEADER, from - HEADER, StandardCharsets.UTF_8);
    return Optional.of(new StoredMessage(path, bytes, from, qos(bytes[0])));
  }

  private boolean hasPathOf(byte[] bytes, int end) {
    return from == end && Arrays.equals(stored, HEADER, end, bytes, HEADER, end);
  }
}
