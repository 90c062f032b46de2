package io.selvedge.mqtt;

import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.Calls.Correlation;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.PayloadException;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread {@code selvedge-downlink}: answers requests, one after the other. At most {@value
 * #QUEUE} wait; what comes then is answered with 500 at once.
 */
final class Downlink {

  /** Sends a reply over the connection that is there then. */
  interface ReplySender {
    void send(String topic, byte[] payload);
  }

  /** Finds who answers, runs it, and lets go of it. */
  interface Handlers {
    /** Empty where nobody answers for this application. */
    Optional<Reply> handle(String app, Request request);
  }

  private static final Logger log = LoggerFactory.getLogger(Downlink.class);
  private static final int QUEUE = 256;
  private static final int REMEMBERED = 1000;
  private static final long STOP_SECONDS = 5;

  private final Settings settings;
  private final Handlers handlers;
  private final ReplySender sender;
  private final Clock clock;
  private final ThreadPoolExecutor executor;
  private final Set<Correlation> seen = new LinkedHashSet<>();

  Downlink(Settings settings, Handlers handlers, ReplySender sender, Clock clock) {
    this.settings = settings;
    this.handlers = handlers;
    this.sender = sender;
    this.clock = clock;
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            work -> new Thread(work, "selvedge-downlink"),
            (work, full) -> reject(work));
  }

  /** A request as it came. */
  private final class Task implements Runnable {
    private final KuraTopic.Call topic;
    private final byte[] bytes;

    Task(KuraTopic.Call topic, byte[] bytes) {
      this.topic = topic;
      this.bytes = bytes;
    }

    @Override
    public void run() {
      decode().ifPresent(payload -> answer(topic, payload));
    }

    private Optional<KuraPayload> decode() {
      try {
        return Optional.of(KuraCodec.decode(bytes));
      } catch (PayloadException e) {
        log.warn("Request [{}] cannot be read: {}", topic.topic(), e.getMessage());
        return Optional.empty();
      }
    }
  }

  /** On the client's thread. */
  void arrived(KuraTopic.Call topic, byte[] payload) {
    executor.execute(new Task(topic, payload));
  }

  private void reject(Runnable work) {
    if (!executor.isShutdown() && work instanceof Task task) {
      Reply busy = Reply.error(500, "gateway is busy: [" + QUEUE + "] requests wait; ask later");
      task.decode()
          .flatMap(Calls::correlation)
          .ifPresent(correlation -> reply(task.topic, correlation, busy));
    }
  }

  private void answer(KuraTopic.Call topic, KuraPayload payload) {
    Optional<Correlation> correlation = Calls.correlation(payload);
    if (correlation.isPresent() && !isNew(correlation.get())) {
      return; // QoS 1 delivers twice at times; what is asked is done once
    }
    Reply reply;
    try {
      reply =
          handlers
              .handle(topic.app(), Calls.request(topic, payload))
              .orElseGet(() -> Reply.error(404, "application [" + topic.app() + "] is not here"));
    } catch (RuntimeException e) { // a handler is a plugin: whatever it meets is its reply
      log.warn("Request [{}] met an error", topic.topic(), e);
      reply = Reply.error(500, topic.app() + " met [" + e + "]");
    }
    Reply result = reply;
    correlation.ifPresent(whom -> reply(topic, whom, result));
  }

  private boolean isNew(Correlation correlation) {
    boolean added = seen.add(correlation);
    if (seen.size() > REMEMBERED) {
      seen.remove(seen.iterator().next());
    }
    return added;
  }

  private void reply(KuraTopic.Call topic, Correlation whom, Reply reply) {
    try {
      KuraTopic.Answer answer =
          new KuraTopic.Answer(settings.account(), whom.requester(), topic.app(), whom.requestId());
      sender.send(answer.topic(), KuraCodec.encode(Calls.payload(reply, clock.instant())));
    } catch (IllegalArgumentException e) {
      log.warn("Request [{}] has no address to reply to: {}", topic.topic(), e.getMessage());
    }
  }

  /** What runs is interrupted; what waits is not answered. */
  void close() {
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        log.warn("Thread [selvedge-downlink] did not end within [{}] s", STOP_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
