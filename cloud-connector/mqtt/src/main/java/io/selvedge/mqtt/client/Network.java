package io.selvedge.mqtt.client;

import io.selvedge.mqtt.client.ConnectionException.Kind;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * The way to a broker: TCP, TLS with the host's name checked, WebSocket over either. Buffered in
 * both directions, since Paho reads headers byte by byte and flushes after each message; no delay.
 * Knows what ended it, which Paho does not always tell.
 */
final class Network {

  private static final int BUFFER = 64 * 1024;
  private static final String CLOSED_HERE = "closed";

  private final Socket plain;
  private final Socket socket;
  private final Optional<Tls> tls;
  private final InputStream in;
  private final CoalescingOutput out;
  private final FirstReason ended = new FirstReason();
  private volatile long receivedAt = System.nanoTime();
  private volatile long sentAt = System.nanoTime();
  private volatile boolean answered;

  private Network(
      Socket plain,
      Socket socket,
      InputStream from,
      OutputStream to,
      Optional<Tls> tls,
      String name) {
    this.plain = plain;
    this.socket = socket;
    this.tls = tls;
    in = new BufferedInputStream(new Watched(from), BUFFER);
    out = new CoalescingOutput(new WatchedOutput(to), name + "-out");
  }

  /** Makes the way; waits on the caller's thread. */
  static Network open(ConnectionOptions options) throws ConnectionException, InterruptedException {
    URI endpoint = options.endpoint();
    Optional<Tls> tls =
        Endpoints.isSecure(endpoint) ? Optional.of(Tls.read(options.tls())) : Optional.empty();
    Socket plain =
        Dialer.dial(
            Resolver.SYSTEM.resolve(endpoint.getHost(), options.reachTimeout()),
            Endpoints.port(endpoint),
            Dialer.EACH_SECOND,
            options.reachTimeout());
    try {
      plain.setSoTimeout((int) options.reachTimeout().toMillis());
      Socket ready = tls.isPresent() ? tls.get().secure(plain, endpoint) : plain;
      InputStream in = ready.getInputStream();
      OutputStream out = ready.getOutputStream();
      if (Endpoints.isWebSocket(endpoint)) {
        WebSocket web = WebSocket.open(endpoint, in, out);
        in = web.in();
        out = web.out();
      }
      ready.setSoTimeout(0);
      return new Network(plain, ready, in, out, tls, options.name());
    } catch (IOException | RuntimeException e) {
      closeQuietly(plain);
      throw failure(tls, e);
    }
  }

  private static ConnectionException failure(Optional<Tls> tls, Exception e) {
    if (e instanceof ConnectionException known) {
      return known;
    }
    String text = Reasons.text(e);
    boolean silent = text.equals(Reasons.CLOSED) || e instanceof SocketTimeoutException;
    Kind kind = silent ? Kind.SILENT : e instanceof SSLException ? Kind.TLS : Kind.OTHER;
    return new ConnectionException(
        kind,
        tls.map(with -> Reasons.isEnd(e) ? with.explainEnd(text) : with.explain(text)).orElse(text),
        e);
  }

  InputStream in() {
    return in;
  }

  CoalescingOutput out() {
    return out;
  }

  /** What ended it; empty while nothing did. */
  Optional<String> ended() {
    return ended.get();
  }

  /** How it was ended from outside; empty while nothing did, and where it was closed here. */
  Optional<String> endedThere() {
    return ended().filter(why -> !why.equals(CLOSED_HERE));
  }

  /** What it may mean that it was ended like this before anything came. */
  String explainEnd(String why) {
    return tls.map(with -> with.explainEnd(why)).orElse(why);
  }

  /** Whether anything ever came. */
  boolean answered() {
    return answered;
  }

  /** Over what the connection is secured; empty: over nothing. */
  Optional<Tls> tls() {
    return tls;
  }

  Duration sinceReceived() {
    return Duration.ofNanos(System.nanoTime() - receivedAt);
  }

  Duration sinceSent() {
    return Duration.ofNanos(System.nanoTime() - sentAt);
  }

  private void end(String why) {
    ended.give(why);
  }

  /** Where the other end is. */
  InetSocketAddress remote() {
    return new InetSocketAddress(plain.getInetAddress(), plain.getPort());
  }

  /** How often in a row the same was sent again in vain. */
  int retransmissions() {
    return Retransmissions.of(plain);
  }

  /** Closes it at once: what was written and is still here goes nowhere. */
  void abandon() {
    end(CLOSED_HERE);
    closeQuietly(plain);
    close();
  }

  /** Gives what was written a moment to go out. */
  void close() {
    end(CLOSED_HERE);
    try {
      out.close();
    } catch (IOException e) {
      // it is ended anyhow
    } finally {
      closeQuietly(socket);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // nothing is left to be done with it
    }
  }

  /** Notes when something comes, and how it ends. */
  private final class Watched extends FilterInputStream {

    Watched(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        int count = in.read(bytes, offset, length);
        if (count < 0) {
          end(Reasons.CLOSED);
        } else {
          answered = true;
          receivedAt = System.nanoTime();
        }
        return count;
      } catch (IOException e) {
        end(Reasons.text(e));
        throw e;
      }
    }
  }

  /** Notes when something goes, and that it cannot go any more. */
  private final class WatchedOutput extends OutputStream {

    private final OutputStream to;

    WatchedOutput(OutputStream to) {
      this.to = to;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        to.write(bytes, offset, length);
        sentAt = System.nanoTime();
      } catch (IOException e) {
        end(Reasons.text(e));
        throw e;
      }
    }

    @Override
    public void close() throws IOException {
      to.close();
    }
  }
}
