package io.selvedge.bench.kill;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The link between gateway and broker: a TCP proxy on loopback that delays, stalls, swallows and
 * cuts. It stays where it is when either end is killed.
 *
 * <p>TCP hides a lost packet from those who use it, but not the time that it costs: the packet
 * comes again after a retransmission time-out, and all behind it waits. So a loss of 2 % is one
 * piece in fifty that is held back for such a time-out (round trip + 200 ms, the least that Linux
 * takes).
 */
public final class Link implements AutoCloseable {

  /** How the link behaves: round trip, by how much it varies, share of pieces sent again. */
  public enum Profile {
    CLEAR(0, 0, 0),
    HUNDRED_MS(100, 0, 0),
    SATELLITE(600, 50, 0.02),
    /** Connections are refused; those that were open are reset. */
    OFFLINE(0, 0, 0);

    final int roundTripMillis;
    final int jitterMillis;
    final double loss;

    Profile(int roundTripMillis, int jitterMillis, double loss) {
      this.roundTripMillis = roundTripMillis;
      this.jitterMillis = jitterMillis;
      this.loss = loss;
    }

    /** Nanoseconds that a piece needs in one direction. */
    long delay(Random random) {
      double jitter = (2 * random.nextDouble() - 1) * jitterMillis / 2;
      double lost = random.nextDouble() < loss ? roundTripMillis + LEAST_TIMEOUT_MILLIS : 0;
      return (long) ((roundTripMillis / 2.0 + jitter + lost) * 1e6);
    }
  }

  private static final int LEAST_TIMEOUT_MILLIS = 200;
  private static final int PIECE = 1460; // what fits into a packet of Ethernet
  private static final int QUEUE = 500;

  private final ServerSocket door;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Socket> halfOpen = ConcurrentHashMap.newKeySet();
  private volatile Profile profile = Profile.CLEAR;

  /** Listens on a free port and forwards to another one, both on loopback. */
  public Link(int target) throws IOException {
    this.target = target;
    door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon("link-door", this::accept);
  }

  public int port() {
    return door.getLocalPort();
  }

  Profile profile() {
    return profile;
  }

  /** Changes the behaviour, also of connections that are open. */
  public void set(Profile next) {
    profile = next;
    if (next == Profile.OFFLINE) {
      cut();
    }
  }

  /** How many there are, each with its two ends. */
  public int connections() {
    return open.size() / 2;
  }

  /** Whether anything is connected through it. */
  boolean isUsed() {
    return !open.isEmpty();
  }

  /** Resets all connections; new ones are taken as the profile says. */
  public void cut() {
    open.forEach(Link::reset);
  }

  /**
   * Makes all connections half open: they stay, and whatever is sent over them vanishes, for ever.
   * New ones work.
   */
  void swallow() {
    halfOpen.addAll(open);
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        if (profile == Profile.OFFLINE) {
          reset(client);
        } else {
          connect(client);
        }
      } catch (IOException e) {
        // this one did not come about, or the door is closed
      }
    }
  }

  private void connect(Socket client) throws IOException {
    Socket server = new Socket();
    try {
      server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 2000);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    } catch (IOException e) {
      reset(client);
      throw e;
    }
    open.add(client);
    open.add(server);
    pipe(client, server);
    pipe(server, client);
  }

  private record Piece(byte[] bytes, long dueNanos) {}

  private void pipe(Socket from, Socket to) {
    BlockingQueue<Piece> queue = new LinkedBlockingQueue<>(QUEUE);
    daemon("link-read", () -> read(from, to, queue));
    daemon("link-write", () -> write(from, to, queue));
  }

  private void read(Socket from, Socket to, BlockingQueue<Piece> queue) {
    Random random = new Random();
    byte[] buffer = new byte[PIECE];
    try (from;
        InputStream in = from.getInputStream()) {
      long due = System.nanoTime();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (!halfOpen.contains(from)) {
          due = Math.max(due, System.nanoTime() + profile.delay(random));
          queue.put(new Piece(Arrays.copyOf(buffer, count), due));
        }
      }
      queue.put(new Piece(new byte[0], due));
    } catch (IOException e) {
      reset(to);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      forget(from);
    }
  }

  private void write(Socket from, Socket to, BlockingQueue<Piece> queue) {
    try (to;
        OutputStream out = to.getOutputStream()) {
      while (true) {
        Piece piece = queue.poll(1, TimeUnit.SECONDS);
        if (piece == null) {
          if (to.isClosed()) {
            return;
          }
          continue;
        }
        if (piece.bytes().length == 0) {
          return;
        }
        TimeUnit.NANOSECONDS.sleep(piece.dueNanos() - System.nanoTime());
        if (!halfOpen.contains(to)) {
          out.write(piece.bytes());
        }
      }
    } catch (IOException e) {
      reset(from);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      forget(to);
    }
  }

  private void forget(Socket socket) {
    open.remove(socket);
    halfOpen.remove(socket);
  }

  /** RST instead of FIN: what the other end sent and we did not read is lost to both. */
  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (SocketException e) {
      // closed already
    } catch (IOException e) {
      // as good as closed
    }
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    door.close();
    cut();
  }
}
