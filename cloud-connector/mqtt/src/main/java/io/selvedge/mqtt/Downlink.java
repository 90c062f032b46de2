package io.selvedge.mqtt;

import io.selvedge.api.uplink.Notification;
import io.selvedge.api.uplink.Notifier;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.Calls.Correlation;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraCodec.Decoded;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.Notices;
import io.selvedge.protocol.kura.PayloadException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread {@code selvedge-downlink}: answers requests, one after the other, each in the encoding
 * in which it was asked. At most {@value #QUEUE} wait; what comes then is answered with 500 at
 * once. A request that nobody can be answered for is not done.
 */
final class Downlink {

  /** Sends a reply or a notification; keeps it while there is no connection. */
  interface Sender {
    void send(String topic, byte[] payload);
  }

  /** Finds who answers, runs it, and lets go of it. */
  interface Handlers {
    /** Empty where nobody answers for this application. */
    Optional<Reply> handle(String app, Request request, Notifier notifier);
  }

  private static final Logger log = LoggerFactory.getLogger(Downlink.class);
  private static final int QUEUE = 256;
  private static final int MOST_STACK = 16_384;
  private static final long STOP_SECONDS = 5;

  private final Settings settings;
  private final Identity identity;
  private final Handlers handlers;
  private final Sender sender;
  private final IntSupplier largest;
  private final Clock clock;
  private final ThreadPoolExecutor executor;
  private final Answered answered = new Answered(System::nanoTime);

  /**
   * @param largest bytes of the largest payload that the broker may be sent now
   */
  Downlink(
      Settings settings,
      Identity identity,
      Handlers handlers,
      Sender sender,
      IntSupplier largest,
      Clock clock) {
    this.settings = settings;
    this.identity = identity;
    this.handlers = handlers;
    this.sender = sender;
    this.largest = largest;
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

  /** A request whose sender can be answered. */
  private record Asked(
      String topic, String app, Correlation correlation, String replyTopic, Decoded decoded) {

    Answered.Key key() {
      return new Answered.Key(topic, correlation);
    }
  }

  /** What is answered, and for those who mend it, where it went wrong. */
  private record Outcome(Reply reply, Optional<String> stack) {
    static Outcome of(Reply reply) {
      return new Outcome(reply, Optional.empty());
    }
  }

  /** A request as it came. */
  private final class Task implements Runnable {
    private final KuraTopic topic;
    private final String app;
    private final byte[] bytes;

    Task(KuraTopic topic, String app, byte[] bytes) {
      this.topic = topic;
      this.app = app;
      this.bytes = bytes;
    }

    @Override
    public void run() {
      asked().ifPresent(asked -> answer(asked, topic));
    }

    private Optional<Asked> asked() {
      try {
        Decoded decoded = KuraCodec.decodeWithEncoding(bytes);
        Optional<Correlation> correlation = Calls.correlation(decoded.payload());
        if (correlation.isEmpty()) {
          log.warn(
              "Request [{}] is not done: it must carry the STRING metrics [request.id] and"
                  + " [requester.client.id]",
              topic.topic());
          return Optional.empty();
        }
        String requester = correlation.get().requester();
        String replyTopic =
            new KuraTopic.Answer(settings.account(), requester, app, correlation.get().requestId())
                .topic();
        return Optional.of(new Asked(topic.topic(), app, correlation.get(), replyTopic, decoded));
      } catch (PayloadException e) {
        log.warn("Request [{}] cannot be read: {}", topic.topic(), e.getMessage());
      } catch (IllegalArgumentException e) {
        log.warn("Request [{}] has no address to reply to: {}", topic.topic(), e.getMessage());
      }
      return Optional.empty();
    }
  }

  /** On the client's thread. */
  void arrived(KuraTopic.Call topic, byte[] payload) {
    executor.execute(new Task(topic, topic.app(), payload));
  }

  /** On the client's thread: a request for a method that does not exist. */
  void arrived(KuraTopic.WrongCall topic, byte[] payload) {
    executor.execute(new Task(topic, topic.app(), payload));
  }

  private void reject(Runnable work) {
    if (!executor.isShutdown() && work instanceof Task task) {
      Reply busy = Reply.error(500, "gateway is busy: [" + QUEUE + "] requests wait; ask later");
      task.asked().ifPresent(asked -> send(asked, Outcome.of(busy)));
    }
  }

  private void answer(Asked asked, KuraTopic topic) {
    Optional<Answered.Done> before = answered.find(asked.key());
    if (before.isEmpty()) {
      answered.done(asked.key(), send(asked, outcome(asked, topic)));
    } else if (before.get().bytes().isPresent()) {
      sender.send(asked.replyTopic(), before.get().bytes().get());
    } else {
      String id = asked.correlation().requestId();
      send(
          asked,
          Outcome.of(
              Reply.error(
                  500,
                  "request ["
                      + id
                      + "] was done before, and its reply is no longer kept; ask with a new"
                      + " request.id")));
    }
  }

  private Outcome outcome(Asked asked, KuraTopic topic) {
    if (!(topic instanceof KuraTopic.Call call)) {
      return Outcome.of(
          Reply.error(
              400,
              "topic ["
                  + topic.topic()
                  + "] must name GET, PUT, POST, DEL or EXEC after the application, and a resource"
                  + " after a last /"));
    }
    try {
      return Outcome.of(
          handlers
              .handle(call.app(), Calls.request(call, asked.decoded().payload()), notifier(asked))
              .orElseGet(() -> Reply.error(404, "application [" + call.app() + "] is not here")));
    } catch (IllegalArgumentException e) { // by contract: the request is wrong
      log.debug("Request [{}] is wrong", call.topic(), e);
      return Outcome.of(
          Reply.error(400, e.getMessage() == null ? "request is wrong" : e.getMessage()));
    } catch (RuntimeException | LinkageError e) { // a handler is a plugin: that is its reply
      log.warn("Request [{}] met an error", call.topic(), e);
      return new Outcome(Reply.error(500, call.app() + " met [" + e + "]"), stack(e));
    }
  }

  private Optional<String> stack(Throwable e) {
    if (!identity.stacks()) {
      return Optional.empty();
    }
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text, true));
    String all = text.toString();
    return Optional.of(all.substring(0, Math.min(all.length(), MOST_STACK)));
  }

  private Notifier notifier(Asked asked) {
    String operation = Notices.operationId(asked.decoded().payload(), asked.correlation());
    return notification -> tell(asked, new Notices.Progress(operation, notification));
  }

  /** On any thread. */
  private void tell(Asked asked, Notices.Progress progress) {
    Notification notification = progress.notification();
    KuraTopic.Notice topic =
        new KuraTopic.Notice(
            settings.account(),
            asked.correlation().requester(),
            asked.app(),
            settings.gateway(),
            notification.type());
    sender.send(
        topic.topic(),
        identity
            .format()
            .in(asked.decoded().encoding())
            .encode(Notices.payload(progress, clock.instant())));
  }

  private byte[] send(Asked asked, Outcome outcome) {
    byte[] payload = encoded(asked, outcome);
    int most = largest.getAsInt();
    if (payload.length > most) { // the broker would close the connection, again and again
      String why =
          "reply of ["
              + payload.length
              + "] bytes is larger than the ["
              + most
              + "] that the broker may be sent; ask for less, or raise largest.message.kib if it"
              + " takes more";
      log.warn("Request [{}]: {}", asked.topic(), why);
      payload = encoded(asked, Outcome.of(Reply.error(500, why)));
    }
    sender.send(asked.replyTopic(), payload);
    return payload;
  }

  private byte[] encoded(Asked asked, Outcome outcome) {
    return identity
        .format()
        .in(asked.decoded().encoding())
        .encode(Calls.payload(outcome.reply(), outcome.stack(), clock.instant()));
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
