package io.selvedge.mqtt;

import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.PayloadException;
import io.selvedge.testkit.Ports;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * So much of MQTT 3.1.1 as a gateway speaks, with faults to switch on. It notes a message before it
 * acknowledges it: what it has not seen was never acknowledged.
 */
final class FakeBroker implements AutoCloseable {

  /** A message as it came. */
  record Published(String topic, int qos, byte[] payload) {
    KuraPayload decoded() {
      try {
        return KuraCodec.decode(payload);
      } catch (PayloadException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private final int port;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private Optional<ServerSocket> server = Optional.empty();

  final List<Published> published = new CopyOnWriteArrayList<>();
  final Set<Long> records = ConcurrentHashMap.newKeySet();
  final List<String> subscribed = new CopyOnWriteArrayList<>();
  final AtomicInteger connects = new AtomicInteger();
  final AtomicInteger deliveries = new AtomicInteger();
  final AtomicInteger atMostOnce = new AtomicInteger();
  volatile byte[] lastData = {};
  volatile int connectCode;
  volatile int closesAbove = Integer.MAX_VALUE;
  volatile boolean mute;
  volatile boolean silent;

  FakeBroker() throws IOException {
    port = Ports.free();
  }

  String uri() {
    return "tcp://127.0.0.1:" + port;
  }

  FakeBroker start() throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    server = Optional.of(socket);
    Thread accepting = new Thread(() -> accept(socket), "fake-broker");
    accepting.setDaemon(true);
    accepting.start();
    return this;
  }

  /** Cuts all connections; from now on nothing is sent on them. */
  void cut() {
    sockets.removeIf(
        socket -> {
          closeQuietly(socket);
          return true;
        });
  }

  @Override
  public void close() throws IOException {
    if (server.isPresent()) {
      server.get().close();
    }
    cut();
  }

  /** Sends a message to all that are connected, at QoS 1. */
  void send(String topic, byte[] payload) {
    byte[] name = topic.getBytes(StandardCharsets.UTF_8);
    ByteBuffer body = ByteBuffer.allocate(4 + name.length + payload.length);
    body.putShort((short) name.length).put(name).putShort((short) 7).put(payload);
    for (Socket socket : sockets) {
      try {
        packet(socket.getOutputStream(), 0x32, body.array());
      } catch (IOException e) {
        closeQuietly(socket); // the other end has gone, and its thread here does not know yet
      }
    }
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        sockets.add(client);
        Thread thread = new Thread(() -> serve(client), "fake-broker-client");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
      while (packet(in, client.getOutputStream())) {
        // until one of the two has enough
      }
    } catch (IOException e) {
      // the other end went
    } finally {
      sockets.remove(client);
    }
  }

  private boolean packet(DataInputStream in, OutputStream out) throws IOException {
    int first = in.readUnsignedByte();
    int length = 0;
    int shift = 0;
    int part;
    do {
      part = in.readUnsignedByte();
      length |= (part & 0x7f) << shift;
      shift += 7;
    } while ((part & 0x80) != 0);
    byte[] body = in.readNBytes(length);
    switch (first >> 4) {
      case 1 -> {
        connects.incrementAndGet();
        if (mute) {
          return true;
        }
        packet(out, 0x20, new byte[] {0, (byte) connectCode});
        return connectCode == 0;
      }
      case 3 -> {
        return publish(first, body, out);
      }
      case 8 -> {
        int nameLength = ByteBuffer.wrap(body).getShort(2);
        subscribed.add(new String(body, 4, nameLength, StandardCharsets.UTF_8));
        packet(out, 0x90, new byte[] {body[0], body[1], 1});
      }
      case 12 -> packet(out, 0xd0, new byte[0]);
      case 14 -> {
        return false;
      }
      default -> {
        // acknowledgements of what was sent
      }
    }
    return true;
  }

  private boolean publish(int first, byte[] body, OutputStream out) throws IOException {
    if (body.length > closesAbove) {
      return false;
    }
    ByteBuffer in = ByteBuffer.wrap(body);
    byte[] name = new byte[in.getShort()];
    in.get(name);
    int qos = first >> 1 & 3;
    short id = qos > 0 ? in.getShort() : 0;
    byte[] payload = new byte[in.remaining()];
    in.get(payload);
    Published message = new Published(new String(name, StandardCharsets.UTF_8), qos, payload);
    if (message.topic().startsWith("$")) {
      published.add(message);
    } else {
      deliveries.incrementAndGet();
      lastData = payload;
      if (qos == 0) {
        atMostOnce.incrementAndGet();
      }
      message.decoded().whole("record.id").ifPresent(records::add);
    }
    if (qos > 0 && !(silent && !message.topic().startsWith("$"))) {
      packet(out, 0x40, ByteBuffer.allocate(2).putShort(id).array());
    }
    return true;
  }

  private static void packet(OutputStream out, int first, byte[] body) throws IOException {
    ByteBuffer packet = ByteBuffer.allocate(5 + body.length);
    packet.put((byte) first);
    int length = body.length;
    do {
      int part = length & 0x7f;
      length >>= 7;
      packet.put((byte) (length > 0 ? part | 0x80 : part));
    } while (length > 0);
    packet.put(body);
    synchronized (out) {
      out.write(packet.array(), 0, packet.position());
      out.flush();
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // was closed
    }
  }
}
