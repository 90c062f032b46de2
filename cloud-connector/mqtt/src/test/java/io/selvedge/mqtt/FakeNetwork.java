package io.selvedge.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A way to a broker over TCP that can be disturbed as networks are. */
final class FakeNetwork implements AutoCloseable {

  /** What happens to the bytes. */
  enum State {
    OPEN,
    /** They vanish; connections stay, and new ones are taken and hear nothing. */
    SWALLOWS,
    /** New connections are closed at once. */
    CLOSES
  }

  private final ServerSocket server;
  private final URI broker;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile State state = State.OPEN;
  final AtomicInteger connects = new AtomicInteger();

  FakeNetwork(String broker) throws IOException {
    this.broker = URI.create(broker);
    server = new ServerSocket();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    start("accept", this::accept);
  }

  String uri() {
    return "tcp://127.0.0.1:" + server.getLocalPort();
  }

  void set(State other) {
    state = other;
  }

  /** Breaks all connections, with a reset. */
  void reset() throws IOException {
    for (Socket socket : sockets) {
      try {
        socket.setSoLinger(true, 0);
      } catch (SocketException e) {
        continue; // the other end was faster
      }
      socket.close();
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, "fake-network-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        connects.incrementAndGet();
        if (state == State.CLOSES) {
          near.close();
          continue;
        }
        sockets.add(near);
        Socket far = new Socket();
        sockets.add(far);
        start("up", () -> carry(near, far, true));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  /** What was swallowed is gone for this connection: it never hears anything again. */
  private void carry(Socket from, Socket to, boolean opens) {
    try (from;
        to) {
      boolean dead = state == State.SWALLOWS;
      if (opens && !dead) {
        to.connect(new InetSocketAddress(broker.getHost(), broker.getPort()), 5000);
        start("down", () -> carry(to, from, false));
      }
      InputStream in = from.getInputStream();
      OutputStream out = dead ? OutputStream.nullOutputStream() : to.getOutputStream();
      byte[] buffer = new byte[8192];
      int count = in.read(buffer);
      while (count >= 0) {
        dead |= state == State.SWALLOWS;
        if (!dead) {
          out.write(buffer, 0, count);
        }
        count = in.read(buffer);
      }
    } catch (IOException e) {
      // one of the two ends went
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    reset();
  }
}
