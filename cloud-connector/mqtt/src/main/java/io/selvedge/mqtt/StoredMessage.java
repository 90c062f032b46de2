package io.selvedge.mqtt;

import io.selvedge.api.uplink.Message;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Records;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
 * @param payload to which the identity is appended
 * @param qos 0 or 1, see {@link Message#qos}
 */
record StoredMessage(String path, byte[] payload, int qos) {

  private static final byte VERSION = 1;
  private static final byte VERSION_AT_MOST_ONCE = 1 | 0x10;

  /**
   * As it goes into the outbox.
   *
   * @throws IllegalArgumentException where MQTT forbids such a topic
   */
  static byte[] bytes(Message message) {
    String name = message.app() + '/' + message.resource();
    if (!name.codePoints().allMatch(StoredMessage::isAllowed)) {
      throw new IllegalArgumentException(
          "topic [" + name + "] must not hold control or unassigned characters; MQTT forbids them");
    }
    byte[] path = name.getBytes(StandardCharsets.UTF_8);
    if (path.length > 0xffff) {
      throw new IllegalArgumentException(
          "topic of [" + path.length + "] bytes is too long; MQTT allows 65535");
    }
    return bytes(path, Records.payload(message), message.qos());
  }

  /**
   * As it goes into the outbox again.
   *
   * @param path of a message that was there
   */
  static byte[] bytes(String path, KuraPayload payload, int qos) {
    return bytes(path.getBytes(StandardCharsets.UTF_8), payload, qos);
  }

  private static byte[] bytes(byte[] path, KuraPayload content, int qos) {
    byte[] payload = KuraCodec.encodePlain(content);
    return ByteBuffer.allocate(3 + path.length + payload.length)
        .put(qos == Message.AT_MOST_ONCE ? VERSION_AT_MOST_ONCE : VERSION)
        .putShort((short) path.length)
        .put(path)
        .put(payload)
        .array();
  }

  private static int qos(byte version) {
    return version == VERSION ? Message.AT_LEAST_ONCE : Message.AT_MOST_ONCE;
  }

  private static boolean isAllowed(int codePoint) {
    int type = Character.getType(codePoint);
    return type != Character.CONTROL && type != Character.UNASSIGNED && type != Character.SURROGATE;
  }

  /** Empty where the bytes are of a version that this one does not know. */
  static Optional<StoredMessage> parse(byte[] bytes) {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      byte version = in.get();
      if (version != VERSION && version != VERSION_AT_MOST_ONCE) {
        return Optional.empty();
      }
      byte[] path = new byte[in.getShort() & 0xffff];
      in.get(path);
      byte[] payload = new byte[in.remaining()];
      in.get(payload);
      return Optional.of(
          new StoredMessage(new String(path, StandardCharsets.UTF_8), payload, qos(version)));
    } catch (BufferUnderflowException e) {
      return Optional.empty();
    }
  }
}
