package io.selvedge.bench.kill;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The oracle's end of the injector: gives numbers to whichever gateway process connects, and notes
 * what it hears. When the gateway is killed, what it was given and has not accepted stays open for
 * ever; it is not sent again.
 */
final class Injection implements AutoCloseable {

  private static final int MOST_OPEN = 300;
  private static final int USUAL_PENDING = 2000;
  private static final int BURST = 10;
  private static final long PAUSE_MILLIS = 10;
  private static final int STATUS_EVERY = 10;

  private final ServerSocket door;
  private final Oracle oracle;
  private final AtomicInteger acceptedByThisProcess = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private volatile Optional<Counters> counters = Optional.empty();
  private volatile int mostPending = USUAL_PENDING;
  private volatile boolean paused;
  private volatile boolean connected;

  /**
   * What the gateway counts.
   *
   * @param accepted ever
   * @param delivered ever
   * @param dropped ever, all reasons
   * @param pending now
   * @param reasons dropped, by reason
   */
  record Counters(
      long accepted, long delivered, long dropped, long pending, Map<String, Long> reasons) {

    boolean addUp() {
      return accepted == delivered + dropped + pending;
    }

    static Counters parse(String line) {
      String[] words = line.split(" ", -1);
      Map<String, Long> reasons = new HashMap<>();
      for (int i = 5; i < words.length; i++) {
        int equals = words[i].indexOf('=');
        reasons.put(words[i].substring(0, equals), Long.valueOf(words[i].substring(equals + 1)));
      }
      return new Counters(
          Long.parseLong(words[1]),
          Long.parseLong(words[2]),
          Long.parseLong(words[3]),
          Long.parseLong(words[4]),
          reasons);
    }
  }

  Injection(Oracle oracle) throws IOException {
    this.oracle = oracle;
    door = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    daemon("injection-door", this::accept);
  }

  int port() {
    return door.getLocalPort();
  }

  /** Before a gateway process is started. */
  void expectNewProcess() {
    acceptedByThisProcess.set(0);
    counters = Optional.empty();
    connected = false;
  }

  boolean connected() {
    return connected;
  }

  /** Numbers accepted since {@link #expectNewProcess}. */
  int acceptedByThisProcess() {
    return acceptedByThisProcess.get();
  }

  /** Of the process that is connected; empty until it has told them. */
  Optional<Counters> counters() {
    return counters;
  }

  /** Whether all that the process that is connected was given is answered. */
  boolean answered() {
    return open.get() <= 0;
  }

  /** What was told until now does not count. */
  void forgetCounters() {
    counters = Optional.empty();
  }

  /** Sends while fewer wait in the outbox. */
  void mostPending(int records) {
    mostPending = records;
  }

  /** Sends no more numbers, and goes on asking for the counters. */
  void pause() {
    paused = true;
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket socket = door.accept();
        socket.setTcpNoDelay(true);
        open.set(0);
        connected = true;
        daemon("injection-send", () -> send(socket));
        hear(socket);
      } catch (IOException e) {
        // killed, or the door is closed
      }
    }
  }

  /** A line counts with its end only: the last one of a killed process may be cut off. */
  private void hear(Socket socket) throws IOException {
    StringBuilder line = new StringBuilder();
    try (socket;
        InputStream in = new BufferedInputStream(socket.getInputStream())) {
      for (int c = in.read(); c >= 0; c = in.read()) {
        if (c == '\n') {
          hear(line.toString());
          line.setLength(0);
        } else {
          line.append((char) c);
        }
      }
    }
  }

  private void hear(String line) {
    if (line.startsWith("A ")) {
      oracle.accepted(Integer.parseInt(line.substring(2)));
      acceptedByThisProcess.incrementAndGet();
      open.decrementAndGet();
    } else if (line.startsWith("R ")) {
      oracle.refused();
      open.decrementAndGet();
    } else if (line.startsWith("S ")) {
      Counters now = Counters.parse(line);
      if (!now.addUp()) {
        oracle.violated("the gateway's counters do not add up: " + now);
      }
      counters = Optional.of(now);
    }
  }

  private void send(Socket socket) {
    Random random = new Random();
    int round = 0;
    try (OutputStream out = socket.getOutputStream()) {
      while (!socket.isClosed()) {
        StringBuilder lines = new StringBuilder();
        long pending = counters.map(Counters::pending).orElse(0L);
        if (!paused && open.get() < MOST_OPEN && pending < mostPending) {
          for (int i = random.nextInt(BURST); i >= 0; i--) {
            open.incrementAndGet();
            lines.append(oracle.next()).append('\n');
          }
        }
        if (round++ % STATUS_EVERY == 0) {
          lines.append('\n');
        }
        out.write(lines.toString().getBytes(StandardCharsets.US_ASCII));
        out.flush();
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (IOException e) {
      // killed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
  }
}
