package io.selvedge.mqtt.client;

import io.selvedge.mqtt.client.ConnectionException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a TCP connection: tries anew again and again, while earlier tries still wait, one address
 * after the other, and takes the first that is answered. The kernel by itself asks again after 1,
 * 3, 7 seconds, and so would find a network that returns up to four seconds late.
 */
final class Dialer {

  /** Usually. */
  static final Duration EACH_SECOND = Duration.ofSeconds(1);

  private static final int MOST = 8;

  private final List<InetAddress> addresses;
  private final int port;
  private final long againNanos;
  private final List<SocketChannel> waiting = new ArrayList<>();
  private int tries;
  private String failure = "";

  private Dialer(List<InetAddress> addresses, int port, Duration again) {
    this.addresses = addresses;
    this.port = port;
    againNanos = again.toNanos();
  }

  /**
   * Waits so long at most; ends at once where every address says that nobody is there.
   *
   * @param again how long after the last try another one is made
   * @throws ConnectionException of the kind unreachable
   */
  static Socket dial(List<InetAddress> addresses, int port, Duration again, Duration patience)
      throws ConnectionException, InterruptedException {
    Dialer dialer = new Dialer(addresses, port, again);
    try {
      return dialer.dial(patience);
    } catch (IOException e) {
      if (e instanceof ConnectionException known) {
        throw known;
      }
      throw new ConnectionException(Kind.UNREACHABLE, Reasons.text(e), e);
    } finally {
      dialer.waiting.forEach(Dialer::closeQuietly);
    }
  }

  private Socket dial(Duration patience) throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (Selector selector = Selector.open()) {
      while (true) {
        long now = System.nanoTime() - start;
        while (tries * againNanos <= now || (waiting.isEmpty() && tries < addresses.size())) {
          tryNext(selector);
        }
        if (waiting.isEmpty()) {
          throw new ConnectionException(Kind.UNREACHABLE, failure);
        }
        long left = Math.min(patience.toNanos(), tries * againNanos) - now;
        selector.select(Math.max(1, left / 1_000_000));
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        for (SelectionKey key : selector.selectedKeys()) {
          SocketChannel channel = (SocketChannel) key.channel();
          if (isConnected(channel)) {
            waiting.remove(channel);
            key.cancel();
            selector.selectNow();
            channel.configureBlocking(true);
            return channel.socket();
          }
        }
        selector.selectedKeys().clear();
        if (System.nanoTime() - start >= patience.toNanos()) {
          throw new ConnectionException(
              Kind.UNREACHABLE, "nobody answers within [" + patience.toMillis() + "] ms");
        }
      }
    }
  }

  private void tryNext(Selector selector) throws IOException {
    InetAddress address = addresses.get(tries % addresses.size());
    tries++;
    if (waiting.size() >= MOST) {
      closeQuietly(waiting.remove(0));
    }
    SocketChannel channel = SocketChannel.open();
    waiting.add(channel);
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_CONNECT);
      channel.connect(new InetSocketAddress(address, port));
    } catch (IOException e) { // no way there
      failed(channel, e);
    }
  }

  private boolean isConnected(SocketChannel channel) {
    try {
      return channel.isOpen() && channel.finishConnect();
    } catch (IOException e) {
      failed(channel, e);
      return false;
    }
  }

  private void failed(SocketChannel channel, IOException e) {
    failure = Reasons.text(e);
    waiting.remove(channel);
    closeQuietly(channel);
  }

  private static void closeQuietly(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // nothing is left to be done with it
    }
  }
}
