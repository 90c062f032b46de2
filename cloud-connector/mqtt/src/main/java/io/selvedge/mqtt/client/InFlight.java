package io.selvedge.mqtt.client;

import io.selvedge.mqtt.client.ConnectionException.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the messages under way within what the broker takes: what is beyond waits here, in its
 * order, and goes out when others have arrived.
 */
final class InFlight {

  /** Sends messages. */
  interface Sender {
    /** Sends it, perhaps not before the flush; {@link Kind#FULL} where it has to be sent again. */
    void send(Waiting message, PublishListener listener) throws ConnectionException;

    void flush() throws ConnectionException;
  }

  /** A message that is to be sent. */
  record Waiting(String topic, byte[] payload, int qos, boolean retain, PublishListener listener) {}

  private final Sender sender;
  private final int mostWaiting;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private int limit;
  private int underWay;
  private long bytes;

  /**
   * Lets nothing wait until {@link #limit} was called.
   *
   * @param mostWaiting more are refused
   */
  InFlight(Sender sender, int mostWaiting) {
    this.sender = sender;
    this.mostWaiting = mostWaiting;
    limit = mostWaiting;
  }

  /** So many may be under way at once. */
  synchronized void limit(int most) {
    limit = Math.max(1, most);
  }

  /** Bytes of the payloads under way. */
  synchronized long bytes() {
    return bytes;
  }

  /** Sends it now or as soon as there is room. */
  void publish(Waiting message) throws ConnectionException {
    synchronized (this) {
      if (!waiting.isEmpty() || underWay >= limit) {
        if (waiting.size() >= mostWaiting) {
          throw new ConnectionException(
              Kind.FULL, "[" + (underWay + waiting.size()) + "] messages are under way");
        }
        waiting.add(message);
        return;
      }
      underWay++;
      bytes += message.payload().length;
    }
    try {
      sender.send(message, new Counted(message));
    } catch (ConnectionException | RuntimeException e) {
      left(message);
      if (e instanceof ConnectionException full && full.kind() == Kind.FULL) {
        putBack(message);
        return;
      }
      throw e;
    }
  }

  private synchronized void putBack(Waiting message) {
    waiting.addFirst(message);
  }

  private synchronized void left(Waiting message) {
    underWay--;
    bytes -= message.payload().length;
  }

  /** Sends what waits while there is room. Also called from time to time, should room be missed. */
  void next() {
    Waiting message = take();
    if (message == null) {
      return;
    }
    while (message != null) {
      try {
        sender.send(message, new Counted(message));
      } catch (ConnectionException e) {
        left(message);
        if (e.kind() == Kind.FULL) {
          putBack(message);
          break;
        }
        message.listener().failed(e.reason());
      } catch (RuntimeException e) { // the topic was allowed when it was taken in
        left(message);
        message.listener().failed(Reasons.text(e));
      }
      message = take();
    }
    try {
      sender.flush();
    } catch (ConnectionException e) {
      // the connection is lost: its end tells all that are under way
    }
  }

  private synchronized @Nullable Waiting take() {
    if (underWay >= limit || waiting.isEmpty()) {
      return null;
    }
    underWay++;
    Waiting first = waiting.remove();
    bytes += first.payload().length;
    return first;
  }

  /** The connection is at its end: nothing waits any more. */
  void end(String reason) {
    Deque<Waiting> rest;
    synchronized (this) {
      rest = new ArrayDeque<>(waiting);
      waiting.clear();
    }
    rest.forEach(message -> message.listener().failed(reason));
  }

  /** Counts the message out, then tells its listener, then makes use of the room. */
  private final class Counted implements PublishListener {
    private final Waiting message;

    Counted(Waiting message) {
      this.message = message;
    }

    @Override
    public void done() {
      left(message);
      message.listener().done();
      next();
    }

    @Override
    public void refused(String reason) {
      left(message);
      message.listener().refused(reason);
      next();
    }

    @Override
    public void denied(String reason) {
      left(message);
      message.listener().denied(reason);
      next();
    }

    @Override
    public void failed(String reason) {
      left(message);
      message.listener().failed(reason);
      next();
    }
  }
}
