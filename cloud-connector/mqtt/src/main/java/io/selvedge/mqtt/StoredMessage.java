package io.selvedge.mqtt;

import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.OutboxView.Content;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.PayloadException;
import io.selvedge.protocol.kura.Records;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A message as it lies in the outbox:
 *
 * <pre>
 *   0    1        3          11
 *   ┌────┬────────┬──────────┬───────────────────┬───────────────────────────────┐
 *   │ v  │ length │ accepted │ app/resource,     │ KuraPayload, not compressed,  │
 *   │    │ u16    │ i64      │ UTF-8             │ without the record's identity │
 *   └────┴────────┴──────────┴───────────────────┴───────────────────────────────┘
 * </pre>
 *
 * {@code v} is the version, 2, plus 16 where the message goes out at QoS 0; {@code accepted} is
 * when it was handed over, in milliseconds since 1970. Version 1 did not say that, and is still
 * read. Account and gateway are not in it: they are those at the time of sending.
 *
 * @param path app and resource, the end of the topic
 * @param stored these bytes. Do not change the array
 * @param from where the payload begins in them
 * @param qos 0 or 1, see {@link Message#qos}
 * @param accepted when it was handed over, in milliseconds since 1970; {@link #UNKNOWN} where it
 *     does not say
 */
record StoredMessage(String path, byte[] stored, int from, int qos, long accepted) {

  /** Of a message that does not say when it was accepted. */
  static final long UNKNOWN = Long.MIN_VALUE;

  private static final byte VERSION = 2;
  private static final byte WITHOUT_TIME = 1;
  private static final byte AT_MOST_ONCE = 0x10;
  private static final int HEADER = 3 + Long.BYTES;
  private static final int HEADER_WITHOUT_TIME = 3;
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
   * @param accepted when it was handed over, in milliseconds since 1970
   * @throws IllegalArgumentException where MQTT forbids such a topic
   */
  static byte[] bytes(Message message, long accepted) {
    Path path = last;
    if (!path.isOf(message)) {
      path = Path.of(message.app(), message.resource());
      last = path;
    }
    byte[] bytes = Records.encodePlain(message, HEADER + path.bytes.length);
    head(ByteBuffer.wrap(bytes), message.qos(), accepted, path.bytes);
    return bytes;
  }

  /**
   * As it goes into the outbox again.
   *
   * @param path of a message that was there
   */
  static byte[] bytes(String path, KuraPayload content, int qos, long accepted) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    byte[] payload = KuraCodec.encodePlain(content);
    ByteBuffer bytes = ByteBuffer.allocate(HEADER + name.length + payload.length);
    head(bytes, qos, accepted, name);
    return bytes.put(payload).array();
  }

  private static void head(ByteBuffer out, int qos, long accepted, byte[] path) {
    out.put(qos == Message.AT_MOST_ONCE ? VERSION | AT_MOST_ONCE : VERSION)
        .putShort((short) path.length)
        .putLong(accepted)
        .put(path);
  }

  private static int qos(byte version) {
    return (version & AT_MOST_ONCE) == 0 ? Message.AT_LEAST_ONCE : Message.AT_MOST_ONCE;
  }

  /** How long the part before the path is; 0 of a version that this one does not know. */
  private static int header(byte[] bytes) {
    int version = bytes.length == 0 ? 0 : bytes[0] & ~AT_MOST_ONCE;
    int header =
        switch (version) {
          case VERSION -> HEADER;
          case WITHOUT_TIME -> HEADER_WITHOUT_TIME;
          default -> 0;
        };
    return bytes.length < header ? 0 : header;
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
    int header = header(bytes);
    if (header == 0) {
      return Optional.empty();
    }
    int from = header + ((bytes[1] & 0xff) << 8 | (bytes[2] & 0xff));
    if (from > bytes.length) {
      return Optional.empty();
    }
    String path =
        like.isPresent() && like.get().hasPathOf(bytes, header, from)
            ? like.get().path
            : new String(bytes, header, from - header, StandardCharsets.UTF_8);
    if (path.indexOf('/') < 0) {
      return Optional.empty(); // what is sent and cannot be settled would come again for ever
    }
    long accepted =
        header == HEADER ? ByteBuffer.wrap(bytes).getLong(HEADER_WITHOUT_TIME) : UNKNOWN;
    return Optional.of(new StoredMessage(path, bytes, from, qos(bytes[0]), accepted));
  }

  /** What a record says, as far as it can be read. */
  static Content content(byte[] record) {
    Optional<StoredMessage> message = parse(record);
    String resource = message.map(StoredMessage::path).orElse("");
    try {
      KuraPayload payload =
          KuraCodec.decode(message.map(StoredMessage::payload).orElse(new byte[0]));
      Map<String, String> metrics = new TreeMap<>();
      payload.metrics().forEach((name, metric) -> metrics.put(name, metric.display()));
      return new Content(resource, payload.timestamp(), metrics, payload.body().length);
    } catch (PayloadException e) {
      return new Content(resource, Optional.empty(), Map.of(), record.length);
    }
  }

  private boolean hasPathOf(byte[] bytes, int header, int end) {
    return stored[0] == bytes[0]
        && from == end
        && Arrays.equals(stored, header, end, bytes, header, end);
  }
}
