package io.selvedge.sparkplug;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Stands between the edge node and a broker, hands every byte on, and keeps the packets that the
 * node sends: what a judge of the protocol sees.
 */
final class WireTap implements AutoCloseable {

  private final ServerSocket server;
  private final int brokerPort;
  private final List<Packet> packets;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicBoolean swallowing = new AtomicBoolean();
  private final AtomicInteger swallowed = new AtomicInteger();
  private volatile String heldType = "";
  private volatile CountDownLatch heldUntil = new CountDownLatch(0);

  WireTap(int brokerPort) throws IOException {
    this(brokerPort, new CopyOnWriteArrayList<>(), 0);
  }

  /**
   * @param packets kept here, also those of other taps
   * @param first number of its first connection
   */
  WireTap(int brokerPort, List<Packet> packets, int first) throws IOException {
    this.brokerPort = brokerPort;
    this.packets = packets;
    connections.set(first);
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    start("tap", this::accept);
  }

  String uri() {
    return "tcp://127.0.0.1:" + server.getLocalPort();
  }

  List<Packet> packets() {
    return List.copyOf(packets);
  }

  <P extends Packet> Stream<P> all(Class<P> type) {
    return packets.stream().filter(type::isInstance).map(type::cast);
  }

  List<Packet.Publish> published(Predicate<Packet.Publish> which) {
    return all(Packet.Publish.class).filter(which).toList();
  }

  List<Packet.Publish> published(String type) {
    return published(packet -> packet.type().equals(type));
  }

  /** How many connections there are now. */
  int open() {
    return open.get();
  }

  /** From now on what the node sends is read and thrown away, as by a host that died. */
  void swallow(boolean on) {
    swallowing.set(on);
  }

  /** How many messages were thrown away. */
  int swallowed() {
    return swallowed.get();
  }

  /**
   * From now on all that the node sends stops at its next message of this type.
   *
   * @return lets it go on
   */
  Runnable holdAt(String type) {
    CountDownLatch until = new CountDownLatch(1);
    heldUntil = until;
    heldType = type;
    return until::countDown;
  }

  /** Breaks all connections. */
  void cut() {
    sockets.forEach(WireTap::close);
    sockets.clear();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        int number = connections.getAndIncrement();
        Socket broker;
        try {
          broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
        } catch (IOException e) {
          client.close();
          continue;
        }
        client.setTcpNoDelay(true);
        broker.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(broker);
        open.incrementAndGet();
        start("tap-up", () -> up(number, client, broker));
        start("tap-down", () -> down(client, broker));
      }
    } catch (IOException e) {
      // by close()
    }
  }

  private void up(int number, Socket client, Socket broker) {
    try {
      DataInputStream in = new DataInputStream(client.getInputStream());
      OutputStream out = broker.getOutputStream();
      while (true) {
        int header = in.readUnsignedByte();
        byte[] length = new byte[4];
        int bytes = 0;
        int value = 0;
        do {
          length[bytes] = in.readByte();
          value |= (length[bytes] & 0x7f) << (7 * bytes);
        } while ((length[bytes++] & 0x80) != 0);
        byte[] body = in.readNBytes(value);
        if (body.length < value) {
          return;
        }
        Optional<Packet> packet = Packet.parse(number, header, body);
        if (isHeld(packet)) {
          heldUntil.await();
        }
        if (swallowing.get()) {
          swallowed.addAndGet(packet.filter(Packet.Publish.class::isInstance).isPresent() ? 1 : 0);
        } else {
          packet.ifPresent(packets::add);
          byte[] whole = new byte[1 + bytes + value];
          whole[0] = (byte) header;
          System.arraycopy(length, 0, whole, 1, bytes);
          System.arraycopy(body, 0, whole, 1 + bytes, value);
          out.write(whole);
        }
      }
    } catch (IOException | InterruptedException e) {
      // one of the ends has gone
    } finally {
      packets.add(new Packet.End(number));
      open.decrementAndGet();
      close(client);
      close(broker);
    }
  }

  private boolean isHeld(Optional<Packet> packet) {
    return packet
        .filter(one -> one instanceof Packet.Publish message && message.type().equals(heldType))
        .isPresent();
  }

  private static void down(Socket client, Socket broker) {
    try (InputStream in = broker.getInputStream();
        OutputStream out = client.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException e) {
      // one of the ends has gone
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }
}
