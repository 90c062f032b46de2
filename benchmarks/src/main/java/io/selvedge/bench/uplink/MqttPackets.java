package io.selvedge.bench.uplink;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The few packets of MQTT 3.1.1 that a bare client needs. */
final class MqttPackets {

  static final int CONNACK = 2;
  static final int PUBLISH = 3;
  static final int PUBACK = 4;
  static final int SUBACK = 9;

  private static final byte[] CLEAN_SESSION = {0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0};

  private MqttPackets() {}

  /**
   * A packet.
   *
   * @param head first byte: type and flags
   * @param body what follows the length
   */
  record Packet(int head, byte[] body) {

    int type() {
      return head >> 4;
    }

    int qos() {
      return (head >> 1) & 3;
    }

    /** Of a PUBLISH. */
    String topic() {
      int length = ByteBuffer.wrap(body).getShort() & 0xffff;
      return new String(body, 2, length, StandardCharsets.UTF_8);
    }

    /** Of a PUBLISH of QoS 1, or a PUBACK. */
    int id() {
      ByteBuffer buffer = ByteBuffer.wrap(body);
      if (type() == PUBLISH) {
        buffer.position(2 + (buffer.getShort() & 0xffff));
      }
      return buffer.getShort() & 0xffff;
    }

    /** Of a PUBLISH. */
    byte[] payload() {
      ByteBuffer buffer = ByteBuffer.wrap(body);
      buffer.position(2 + (buffer.getShort() & 0xffff) + (qos() > 0 ? 2 : 0));
      byte[] payload = new byte[buffer.remaining()];
      buffer.get(payload);
      return payload;
    }

    byte[] bytes() {
      return packet(head, body);
    }
  }

  static byte[] connect(String client) {
    byte[] id = client.getBytes(StandardCharsets.UTF_8);
    ByteBuffer body = ByteBuffer.allocate(CLEAN_SESSION.length + 2 + id.length);
    return packet(0x10, body.put(CLEAN_SESSION).putShort((short) id.length).put(id).array());
  }

  static byte[] subscribe(String filter) {
    byte[] bytes = filter.getBytes(StandardCharsets.UTF_8);
    ByteBuffer body = ByteBuffer.allocate(2 + 2 + bytes.length + 1);
    return packet(0x82, body.putShort((short) 1).putShort((short) bytes.length).put(bytes).array());
  }

  /** At QoS 1. */
  static byte[] publish(String topic, int id, byte[] payload) {
    byte[] name = topic.getBytes(StandardCharsets.UTF_8);
    ByteBuffer body = ByteBuffer.allocate(2 + name.length + 2 + payload.length);
    body.putShort((short) name.length).put(name).putShort((short) id).put(payload);
    return packet(0x32, body.array());
  }

  private static byte[] packet(int head, byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 5);
    out.write(head);
    int length = body.length;
    do {
      out.write(length > 127 ? (length & 127) | 128 : length);
      length >>= 7;
    } while (length > 0);
    out.writeBytes(body);
    return out.toByteArray();
  }

  /**
   * The next packet.
   *
   * @throws EOFException where the connection has ended
   */
  static Packet read(DataInputStream in) throws IOException {
    int head = in.readUnsignedByte();
    int length = 0;
    int shift = 0;
    int next;
    do {
      next = in.readUnsignedByte();
      length |= (next & 127) << shift;
      shift += 7;
    } while (next > 127);
    byte[] body = new byte[length];
    in.readFully(body);
    return new Packet(head, body);
  }
}
