package io.selvedge.driver.modbus;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A network cable to a slave, which a test cuts: what runs over it ends, new connections do not.
 */
final class Cable implements Closeable {

  private final ServerSocket near = new ServerSocket(0, 4, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  Cable(String bus) throws IOException {
    int far = Integer.parseInt(bus.substring(bus.indexOf(':') + 1));
    start(
        () -> {
          while (true) {
            Socket one = near.accept();
            Socket other = new Socket(InetAddress.getLoopbackAddress(), far);
            sockets.addAll(List.of(one, other));
            start(() -> one.getInputStream().transferTo(other.getOutputStream()));
            start(() -> other.getInputStream().transferTo(one.getOutputStream()));
          }
        });
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // it was cut
              }
            },
            "cable");
    thread.setDaemon(true);
    thread.start();
  }

  String bus() {
    return "127.0.0.1:" + near.getLocalPort();
  }

  void cut() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** From now on nobody can connect either. */
  void pullOut() throws IOException {
    near.close();
    cut();
  }

  @Override
  public void close() throws IOException {
    pullOut();
  }
}
