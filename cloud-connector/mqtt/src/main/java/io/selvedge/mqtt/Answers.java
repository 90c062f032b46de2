package io.selvedge.mqtt;

import io.selvedge.mqtt.client.ConnectionException;
import io.selvedge.mqtt.client.PublishListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replies and notifications on their way to those who asked, at QoS 1 and in order. Each is kept
 * until the broker has acknowledged it, over a cut of the connection too, but no longer than
 * anybody waits for it. Too many or too much: the oldest go. All of it happens on the executor,
 * which has one thread.
 */
final class Answers {

  /** Publishes at QoS 1 over one connection. */
  interface Way {
    void publish(String topic, byte[] payload, PublishListener listener) throws ConnectionException;
  }

  static final int MOST = 256;
  static final int MOST_BYTES = 4 << 20;
  static final Duration PATIENCE = Duration.ofMinutes(2);
  static final int MOST_BREAKS = 5;

  private static final Logger log = LoggerFactory.getLogger(Answers.class);
  private static final int MOST_UNDER_WAY = 64;

  private final ExecutorService executor;
  private final LongSupplier nanos;
  private final Deque<Answer> kept = new ArrayDeque<>();
  private Optional<Way> way = Optional.empty();
  private long bytes;

  /** One of them, until the broker has it. */
  private static final class Answer {
    private final String topic;
    private final byte[] payload;
    private final long since;
    private boolean underWay;
    private int breaks;

    Answer(String topic, byte[] payload, long since) {
      this.topic = topic;
      this.payload = payload;
      this.since = since;
    }
  }

  /**
   * @param nanos a clock that only goes forward: {@link System#nanoTime}
   */
  Answers(ExecutorService executor, LongSupplier nanos) {
    this.executor = executor;
    this.nanos = nanos;
  }

  /** On any thread. */
  void send(String topic, byte[] payload) {
    later(
        () -> {
          kept.addLast(new Answer(topic, payload, nanos.getAsLong()));
          bytes += payload.length;
          shrink();
          flush();
        });
  }

  /** There is a connection: what waits goes out. On any thread. */
  void up(Way connection) {
    later(
        () -> {
          way = Optional.of(connection);
          suspect();
          kept.forEach(answer -> answer.underWay = false);
          flush();
        });
  }

  /** There is none any more. On any thread. */
  void down() {
    later(() -> way = Optional.empty());
  }

  /** Of what was under way at the end of the last connection, the first may have ended it. */
  private void suspect() {
    Optional<Answer> first = kept.stream().filter(answer -> answer.underWay).findFirst();
    if (first.isPresent()) {
      Answer answer = first.get();
      answer.breaks++;
      if (answer.breaks >= MOST_BREAKS) {
        log.warn(
            "Answer on [{}] is given up: [{}] connections ended when it was sent these [{}] bytes",
            answer.topic,
            answer.breaks,
            answer.payload.length);
        remove(answer);
      }
    }
  }

  private void later(Runnable work) {
    if (!executor.isShutdown()) {
      executor.execute(work);
    }
  }

  private void shrink() {
    long oldest = nanos.getAsLong() - PATIENCE.toNanos();
    while (!kept.isEmpty()
        && (kept.size() > MOST || bytes > MOST_BYTES || kept.getFirst().since - oldest < 0)) {
      Answer first = kept.removeFirst();
      bytes -= first.payload.length;
      log.debug("Answer on [{}] is given up", first.topic);
    }
  }

  private void flush() {
    shrink();
    int underWay = 0;
    for (Answer answer : kept) {
      if (way.isEmpty() || underWay >= MOST_UNDER_WAY) {
        return;
      }
      underWay++;
      if (!answer.underWay && !publish(way.get(), answer)) {
        return; // the next acknowledgement or connection tries again
      }
    }
  }

  private boolean publish(Way connection, Answer answer) {
    try {
      answer.underWay = true;
      connection.publish(answer.topic, answer.payload, new Fate(answer));
      return true;
    } catch (ConnectionException e) {
      answer.underWay = false;
      log.debug("Answer on [{}] is not sent yet: {}", answer.topic, e.reason());
      return false;
    } catch (IllegalArgumentException e) { // the client's word on topics
      later(() -> settled(answer));
      log.warn("Answer cannot be sent: topic [{}] is not allowed: {}", answer.topic, e.toString());
      return true;
    }
  }

  private void settled(Answer answer) {
    remove(answer);
    flush();
  }

  private void remove(Answer answer) {
    for (Iterator<Answer> i = kept.iterator(); i.hasNext(); ) {
      if (i.next() == answer) {
        i.remove();
        bytes -= answer.payload.length;
      }
    }
  }

  /** What became of an answer; called on the client's thread. */
  private final class Fate implements PublishListener {
    private final Answer answer;

    Fate(Answer answer) {
      this.answer = answer;
    }

    @Override
    public void done() {
      later(() -> settled(answer));
    }

    @Override
    public void failed(String reason) {
      log.debug("Answer on [{}] goes out again: {}", answer.topic, reason);
    }
  }
}
