package io.selvedge.bench.uplink;

import io.selvedge.bench.uplink.MqttPackets.Packet;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.PayloadException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between gateway and broker, passes each packet on as it comes, and notes when each message
 * was acknowledged. A watch from outside, which costs a message a few tens of microseconds.
 */
final class Relay implements AutoCloseable {

  private static final String READ_AT = "c0";

  private final ServerSocket server;
  private final int broker;
  private final List<Socket> sockets = new ArrayList<>();
  private final Map<Integer, byte[]> underWay = new ConcurrentHashMap<>();
  private final List<Acknowledged> acknowledged = new ArrayList<>();

  private record Acknowledged(byte[] payload, long nanos) {}

  Relay(int broker) throws IOException {
    this.broker = broker;
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    start("bench-relay", this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private interface Duty {
    void run() throws IOException;
  }

  private static void start(String name, Duty duty) {
    Thread thread =
        new Thread(
            () -> {
              try {
                duty.run();
              } catch (IOException e) {
                // one side has ended; the other is told by the closed socket
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket gateway = server.accept();
      Socket to = new Socket(InetAddress.getLoopbackAddress(), broker);
      gateway.setTcpNoDelay(true);
      to.setTcpNoDelay(true);
      synchronized (sockets) {
        sockets.add(gateway);
        sockets.add(to);
      }
      start("bench-relay-up", () -> pass(gateway, to, true));
      start("bench-relay-down", () -> pass(to, gateway, false));
    }
  }

  private void pass(Socket from, Socket to, boolean up) throws IOException {
    try (from;
        to) {
      DataInputStream in = new DataInputStream(new BufferedInputStream(from.getInputStream()));
      OutputStream out = to.getOutputStream();
      while (true) {
        Packet packet = MqttPackets.read(in);
        if (up && packet.type() == MqttPackets.PUBLISH && packet.qos() == 1) {
          underWay.put(packet.id(), packet.payload());
        }
        out.write(packet.bytes());
        if (!up && packet.type() == MqttPackets.PUBACK) {
          long now = System.nanoTime();
          byte[] payload = underWay.remove(packet.id());
          synchronized (acknowledged) {
            if (payload != null) {
              acknowledged.add(new Acknowledged(payload, now));
            }
          }
        }
      }
    }
  }

  /**
   * From reading to acknowledgement, milliseconds, of all messages since the last call; those that
   * hold no reading are left out.
   */
  List<Double> take() throws PayloadException {
    List<Acknowledged> taken;
    synchronized (acknowledged) {
      taken = List.copyOf(acknowledged);
      acknowledged.clear();
    }
    List<Double> millis = new ArrayList<>();
    for (Acknowledged one : taken) {
      OptionalLong readAt =
          KuraCodec.decode(one.payload()).whole(READ_AT).stream().mapToLong(v -> v).findFirst();
      readAt.ifPresent(at -> millis.add((one.nanos() - at) / 1e6));
    }
    return millis;
  }

  @Override
  public void close() throws IOException {
    server.close();
    synchronized (sockets) {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
