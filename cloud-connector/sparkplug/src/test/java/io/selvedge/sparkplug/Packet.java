package io.selvedge.sparkplug;

import io.selvedge.sparkplug.payload.Payload;
import io.selvedge.sparkplug.payload.PayloadException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A packet of MQTT 3.1.1 that a client sent, as its bytes were. */
sealed interface Packet {

  /** The how-manieth connection of the tap it came over, from 0. */
  int connection();

  record Connect(int connection, String clientId, int level, boolean clean, Optional<Will> will)
      implements Packet {}

  record Will(String topic, byte[] payload, int qos, boolean retain) {
    Payload parsed() {
      return Packet.parsed(payload);
    }
  }

  record Publish(int connection, String topic, byte[] payload, int qos, boolean retain)
      implements Packet {
    Payload parsed() {
      return Packet.parsed(payload);
    }

    /** Third part of the topic. */
    String type() {
      return topic.split("/", -1)[2];
    }
  }

  record Subscribe(int connection, String filter, int qos) implements Packet {}

  record Unsubscribe(int connection) implements Packet {}

  record Disconnect(int connection) implements Packet {}

  /** The client's end of the connection, however it came. */
  record End(int connection) implements Packet {}

  static Payload parsed(byte[] payload) {
    try {
      return Payload.parse(payload);
    } catch (PayloadException e) {
      throw new AssertionError("not a payload of Sparkplug B", e);
    }
  }

  /** Sections 3.1, 3.3, 3.8, 3.10 and 3.14; of a subscription only the first filter. */
  static Optional<Packet> parse(int connection, int header, byte[] body) {
    ByteBuffer in = ByteBuffer.wrap(body);
    return switch (header >> 4) {
      case 1 -> Optional.of(connect(connection, in));
      case 3 -> Optional.of(publish(connection, header, in));
      case 8 -> {
        in.getShort();
        yield Optional.of(new Subscribe(connection, text(in), in.get()));
      }
      case 10 -> Optional.of(new Unsubscribe(connection));
      case 14 -> Optional.of(new Disconnect(connection));
      default -> Optional.empty();
    };
  }

  private static Packet connect(int connection, ByteBuffer in) {
    text(in);
    int level = in.get();
    int flags = in.get();
    in.getShort();
    String clientId = text(in);
    Optional<Will> will =
        (flags & 0x04) == 0
            ? Optional.empty()
            : Optional.of(new Will(text(in), bytes(in), (flags >> 3) & 3, (flags & 0x20) != 0));
    return new Connect(connection, clientId, level, (flags & 0x02) != 0, will);
  }

  private static Packet publish(int connection, int header, ByteBuffer in) {
    int qos = (header >> 1) & 3;
    String topic = text(in);
    if (qos > 0) {
      in.getShort();
    }
    byte[] payload = new byte[in.remaining()];
    in.get(payload);
    return new Publish(connection, topic, payload, qos, (header & 1) != 0);
  }

  private static String text(ByteBuffer in) {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[in.getShort() & 0xffff];
    in.get(bytes);
    return bytes;
  }
}
