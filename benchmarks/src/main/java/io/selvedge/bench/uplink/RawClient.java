package io.selvedge.bench.uplink;

import io.selvedge.bench.uplink.MqttPackets.Packet;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * As bare as a client can be: a socket, packets made before, one thread that writes what the window
 * allows and reads acknowledgements.
 */
final class RawClient implements AutoCloseable {

  private static final int BUFFER = 64 * 1024;
  private static final int IDS = 0xffff;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  RawClient(int port, String name) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
    out = socket.getOutputStream();
    out.write(MqttPackets.connect(name));
    expect(MqttPackets.CONNACK);
  }

  private void expect(int type) throws IOException {
    Packet packet = MqttPackets.read(in);
    if (packet.type() != type) {
      throw new IOException(
          "broker sent packet of type [" + packet.type() + "]; type [" + type + "] was due");
    }
  }

  /** Listens at QoS 0 until so many messages have come. */
  List<Packet> receive(String filter, int count, Runnable subscribed) throws IOException {
    out.write(MqttPackets.subscribe(filter));
    expect(MqttPackets.SUBACK);
    subscribed.run();
    List<Packet> received = new ArrayList<>();
    while (received.size() < count) {
      Packet packet = MqttPackets.read(in);
      if (packet.type() == MqttPackets.PUBLISH) {
        received.add(packet);
      }
    }
    return received;
  }

  /**
   * Publishes at QoS 1 and waits for all acknowledgements.
   *
   * @return messages a second
   */
  double publish(String topic, List<byte[]> payloads, int count, int window) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long begun = System.nanoTime();
    int sent = 0;
    int acknowledged = 0;
    while (acknowledged < count) {
      int filled = 0;
      while (sent < count && sent - acknowledged < window) {
        byte[] packet =
            MqttPackets.publish(topic, sent % IDS + 1, payloads.get(sent % payloads.size()));
        if (filled + packet.length > buffer.length) {
          break;
        }
        System.arraycopy(packet, 0, buffer, filled, packet.length);
        filled += packet.length;
        sent++;
      }
      out.write(buffer, 0, filled);
      do {
        expect(MqttPackets.PUBACK);
        acknowledged++;
      } while (acknowledged < count && in.available() > 0);
    }
    return count / ((System.nanoTime() - begun) / 1e9);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
