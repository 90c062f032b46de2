package io.selvedge.mqtt.client;

import io.selvedge.mqtt.client.ConnectionException.Kind;
import io.selvedge.mqtt.client.ConnectionListener.Incoming;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.paho.client.mqttv3.MqttTopic;
import org.jspecify.annotations.Nullable;

/**
 * Publishing at QoS 1 with MQTT 3.1.1 beside Paho, and pings: these packets are made here, and
 * their answers are taken out of what comes before Paho sees it; messages at QoS 0 as well, where
 * somebody takes them here. Paho's tokens, tables and hops from thread to thread cost several times
 * what the rest of a message does. All else is Paho's; its packets go through {@link #pahoOut}, so
 * that no packet is torn. See docs/decisions/0058.
 *
 * <pre>
 *   publish(), ping() ──────────────▶ packets ─▶ network
 *   Paho ──▶ pahoOut() ──at flush────▶
 *
 *   network ──▶ pahoIn() ──▶ PUBACK of ours, PINGRESP of ours, perhaps PUBLISH at QoS 0: here
 *                       └──▶ all else: Paho
 * </pre>
 */
final class Publications {

  private static final int PUBLISH_AT_MOST_ONCE = 0x30;
  private static final int PUBLISH_AT_LEAST_ONCE = 0x32;
  private static final int RETAIN = 1;
  private static final int PUBACK = 0x40;
  private static final byte[] PINGREQ = {(byte) 0xc0, 0};
  private static final int PINGRESP = 0xd0;
  private static final int LARGEST_REMAINDER = 268_435_455;
  private static final int HEADER = 5;

  private final InputStream in;
  private final CoalescingOutput out;
  private final PacketIds ids;
  private final Optional<Consumer<Incoming>> direct;
  private final OutputStream pahoOut;
  private final InputStream pahoIn = new Answers();
  private volatile @Nullable Thread receiving;
  private String topic = "";
  private byte[] encodedTopic = {};

  /**
   * @param direct takes messages at QoS 0, on the thread that receives; empty: they are for Paho
   */
  Publications(Network network, PacketIds ids, Optional<Consumer<Incoming>> direct) {
    this(network.in(), network.out(), ids, direct);
  }

  Publications(
      InputStream in, CoalescingOutput out, PacketIds ids, Optional<Consumer<Incoming>> direct) {
    this.in = in;
    this.out = out;
    this.ids = ids;
    this.direct = direct;
    pahoOut = new WholePackets(out);
  }

  /** Where Paho writes to. */
  OutputStream pahoOut() {
    return pahoOut;
  }

  /** Where Paho reads from, on the thread on which listeners are told. */
  InputStream pahoIn() {
    return pahoIn;
  }

  /**
   * Publishes at QoS 1 with the next {@link #flush}.
   *
   * @throws IllegalArgumentException where MQTT forbids the topic
   */
  void publish(String to, byte[] payload, boolean retain, PublishListener listener)
      throws ConnectionException {
    byte[] name = encoded(to);
    int remainder = remainder(name, payload);
    int id = ids.take(listener);
    if (id == 0) {
      String ended = ids.ended();
      throw ended == null
          ? new ConnectionException(Kind.FULL, "too many messages are under way")
          : new ConnectionException(Kind.LOST, ended);
    }
    byte[] head = new byte[HEADER + 4 + name.length];
    int size = head(head, name, id, remainder, retain);
    try {
      // the thread that hears the answers must not wait for those who do not read while we write
      out.packet(head, size, payload, Thread.currentThread() != receiving);
    } catch (IOException e) {
      ids.give(id);
      throw new ConnectionException(Kind.LOST, Reasons.text(e), e);
    }
  }

  private static int remainder(byte[] name, byte[] payload) {
    long remainder = 4L + name.length + payload.length;
    if (remainder > LARGEST_REMAINDER) {
      throw new IllegalArgumentException(
          "message of [" + payload.length + "] bytes is too large; MQTT allows packets of 256 MiB");
    }
    return (int) remainder;
  }

  private static int head(byte[] head, byte[] name, int id, int remainder, boolean retain) {
    head[0] = (byte) (PUBLISH_AT_LEAST_ONCE | (retain ? RETAIN : 0));
    int at = 1;
    int left = remainder;
    while (left > 0x7f) {
      head[at] = (byte) ((left & 0x7f) | 0x80);
      left >>>= 7;
      at++;
    }
    head[at] = (byte) left;
    head[at + 1] = (byte) (name.length >>> 8);
    head[at + 2] = (byte) name.length;
    System.arraycopy(name, 0, head, at + 3, name.length);
    at += 3 + name.length;
    head[at] = (byte) (id >>> 8);
    head[at + 1] = (byte) id;
    return at + 2;
  }

  /** Checks it, unless it is that of the message before. */
  private synchronized byte[] encoded(String to) {
    if (!to.equals(topic) || encodedTopic.length == 0) {
      MqttTopic.validate(to, false);
      encodedTopic = to.getBytes(StandardCharsets.UTF_8);
      topic = to;
    }
    return encodedTopic;
  }

  /** Sends what was published. */
  void flush() throws ConnectionException {
    try {
      out.flush();
    } catch (IOException e) {
      throw new ConnectionException(Kind.LOST, Reasons.text(e), e);
    }
  }

  /** Asks the broker for a sign of life. */
  void ping() throws ConnectionException {
    try {
      out.packet(PINGREQ, PINGREQ.length, new byte[0], true);
      out.flush();
    } catch (IOException e) {
      throw new ConnectionException(Kind.LOST, Reasons.text(e), e);
    }
  }

  /** Nothing is acknowledged any more: tells all who wait. */
  void end(String reason) {
    ids.end(reason);
  }

  /**
   * What comes, without the answers that are for us. Cuts the stream into packets, of which it
   * looks at the first bytes. Paho's receiver alone reads.
   */
  private final class Answers extends InputStream {
    private final byte[] begun = new byte[HEADER];
    private int begunAt;
    private int begunSize;
    private int left;
    private byte[] lastName = {};
    private String lastTopic = "";

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      receiving = Thread.currentThread();
      if (length == 0) {
        return 0;
      }
      if (begunAt == begunSize && left == 0 && !next()) {
        return -1;
      }
      if (begunAt < begunSize) {
        int count = Math.min(length, begunSize - begunAt);
        System.arraycopy(begun, begunAt, bytes, offset, count);
        begunAt += count;
        return count;
      }
      int count = in.read(bytes, offset, Math.min(length, left));
      left -= Math.max(0, count);
      return count;
    }

    /** To the next packet that is for Paho; false at the end of the stream. */
    private boolean next() throws IOException {
      int first = in.read();
      while (first >= 0) {
        begun[0] = (byte) first;
        begunAt = 0;
        begunSize = 1;
        left = length();
        if (first == PUBACK && left == 2) {
          int high = in.read();
          int low = in.read();
          left = 0;
          PublishListener listener = low < 0 ? null : ids.acknowledged(high << 8 | low);
          if (listener == null) {
            keep(high);
            keep(low);
            return true;
          }
          listener.done();
        } else if ((first & ~RETAIN) == PUBLISH_AT_MOST_ONCE && direct.isPresent()) {
          tell(direct.get(), (first & RETAIN) != 0);
        } else if (first != PINGRESP) {
          return true;
        }
        first = in.read();
      }
      begunAt = 0;
      begunSize = 0;
      return false;
    }

    /** Reads a message and tells it. */
    private void tell(Consumer<Incoming> whom, boolean retained) throws IOException {
      int length = left;
      left = 0;
      int nameLength = length < 2 ? -1 : ByteBuffer.wrap(bytes(2)).getChar();
      if (nameLength < 0 || nameLength > length - 2) {
        throw new IOException("the broker sent a message that ends within its topic");
      }
      byte[] name = bytes(nameLength);
      if (!Arrays.equals(name, lastName)) {
        lastTopic = new String(name, StandardCharsets.UTF_8);
        lastName = name;
      }
      byte[] payload = bytes(length - 2 - nameLength);
      try {
        whom.accept(new Incoming(lastTopic, payload, 0, retained));
      } catch (RuntimeException e) { // as with Paho: the connection ends
        throw new IOException("a listener met [" + e + "]", e);
      }
    }

    private byte[] bytes(int count) throws IOException {
      byte[] bytes = new byte[count];
      if (in.readNBytes(bytes, 0, count) < count) {
        throw new EOFException("the broker closed the connection within a message");
      }
      return bytes;
    }

    private void keep(int next) {
      if (next >= 0) {
        begun[begunSize] = (byte) next;
        begunSize++;
      }
    }

    /** Of what follows the length; a stream that ends, or a length that is none, is for Paho. */
    private int length() throws IOException {
      int length = 0;
      for (int shift = 0; shift < 28; shift += 7) {
        int next = in.read();
        if (next < 0) {
          return 0;
        }
        keep(next);
        length |= (next & 0x7f) << shift;
        if (next < 0x80) {
          return length;
        }
      }
      throw new IOException("the broker sent a packet without a length; MQTT allows four bytes");
    }

    @Override
    public int available() throws IOException {
      return begunSize - begunAt + (left > 0 ? Math.min(left, in.available()) : 0);
    }
  }
}
