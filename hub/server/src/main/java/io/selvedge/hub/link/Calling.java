package io.selvedge.hub.link;

import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.hub.link.Connection.Subscriptions;
import io.selvedge.hub.security.Secrets;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.Calls.Correlation;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraCodec.Decoded;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.Notices;
import io.selvedge.protocol.kura.PayloadException;
import io.selvedge.protocol.kura.PayloadFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests and replies, in both directions, over a connection of their own so that the blocks of a
 * file never wait behind telemetry. Thread {@code hub-requests} answers one request after the other
 * and hands over replies. Its queue is bounded: when it is full the newest request is dropped, and
 * the gateway asks again.
 */
public final class Calling implements AutoCloseable {

  /** Answers what gateways ask. */
  @FunctionalInterface
  public interface Answering {
    Reply answer(String gateway, String app, Request request);
  }

  private record Waiting(Asker asker, Instant until) {}

  /** An operation that a request has begun at a gateway, as its notifications name it. */
  private record Operation(String gateway, String app, String id) {}

  private static final Logger log = LoggerFactory.getLogger(Calling.class);
  private static final int QUEUE = 1000;
  private static final int MOST_WAITING = 10_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LONGEST_WORK = Duration.ofHours(6);

  private final String account;
  private final String id;
  private final BiPredicate<String, String> claims;
  private final Clock clock;
  private final Connection connection;
  private final BlockingQueue<Delivery> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
  private final Map<Operation, Waiting> following = new ConcurrentHashMap<>();
  private final Thread thread = new Thread(this::run, "hub-requests");
  private volatile Optional<Answering> answering = Optional.empty();
  private volatile boolean open = true;

  /**
   * @param id the hub's, in topics and as its client id: replies come to it alone
   * @param claims asked with requester and request id before an answer: false where another hub
   *     answers, for a request to the hub comes to all of them
   */
  public Calling(
      Endpoint endpoint,
      String account,
      String id,
      BiPredicate<String, String> claims,
      Clock clock) {
    this.account = account;
    this.id = id;
    this.claims = claims;
    this.clock = clock;
    this.connection =
        new Connection(
            "requests",
            endpoint,
            new Subscriptions(
                id + "-requests",
                false,
                Stream.of(KuraTopic.HUB, id)
                    .distinct()
                    .map(client -> KuraTopic.inbox(account, client))
                    .toList()),
            new Connection.Inbox() {
              @Override
              public boolean take(Delivery delivery) {
                offer(delivery);
                return true;
              }

              @Override
              public boolean ready() {
                return true;
              }
            },
            clock);
  }

  /** Begins to answer; {@link #ask} may be called before. */
  public void start(Answering answers) {
    answering = Optional.of(answers);
    thread.start();
    connection.start();
  }

  public boolean awaitFirst(long millis) throws InterruptedException {
    return connection.awaitFirst(millis);
  }

  public boolean connected() {
    return connection.connected();
  }

  /**
   * Asks a gateway. The reply, where one comes within two minutes, is handed over on the thread
   * {@code hub-requests}; so are notifications, within six hours.
   */
  public void ask(String gateway, String app, Request request, Asker asker) {
    forgetOld();
    String requestId = Secrets.random();
    Operation operation = new Operation(gateway, app, requestId);
    if (waiting.size() < MOST_WAITING && following.size() < MOST_WAITING) {
      waiting.put(requestId, new Waiting(asker, clock.instant().plus(PATIENCE)));
      following.put(operation, new Waiting(asker, clock.instant().plus(LONGEST_WORK)));
    }
    KuraPayload payload = Calls.payload(request, new Correlation(requestId, id), clock.instant());
    String topic =
        new KuraTopic.Call(account, gateway, app, request.method(), request.resource()).topic();
    if (!connection.publish(topic, KuraCodec.encode(payload))) {
      waiting.remove(requestId);
      following.remove(operation);
      log.debug("Not sent on [{}]: no connection", topic);
    }
  }

  private void forgetOld() {
    Instant now = clock.instant();
    waiting.values().removeIf(one -> one.until().isBefore(now));
    following.values().removeIf(one -> one.until().isBefore(now));
  }

  private void offer(Delivery delivery) {
    delivery.acknowledge(); // a request is not kept: who asked asks again
    if (!queue.offer(delivery)) {
      log.debug("Request dropped: {} wait", QUEUE);
    }
  }

  private void run() {
    while (open) {
      try {
        Delivery one = queue.poll(200, TimeUnit.MILLISECONDS);
        if (one != null) {
          handle(one);
        }
      } catch (InterruptedException e) {
        return;
      } catch (PayloadException | IllegalArgumentException e) {
        log.debug("A request that cannot be read", e);
      } catch (RuntimeException e) { // one request must not stop the others
        log.warn("A request was not answered", e);
      }
    }
  }

  private void handle(Delivery delivery) throws PayloadException {
    Optional<KuraTopic> topic = KuraTopic.parse(delivery.topic());
    if (topic.isEmpty()) {
      return;
    }
    Decoded decoded = KuraCodec.decodeWithEncoding(delivery.payload());
    if (topic.get() instanceof KuraTopic.Answer answer) {
      Waiting one = waiting.remove(answer.requestId());
      if (one != null) {
        one.asker().replied(Calls.reply(decoded.payload()));
      }
    } else if (topic.get() instanceof KuraTopic.Notice notice) {
      tell(notice, Notices.progress(notice, decoded.payload()));
    } else if (topic.get() instanceof KuraTopic.Call call) {
      Optional<Correlation> correlation = Calls.correlation(decoded.payload());
      correlation.ifPresent(
          asked -> reply(call.app(), asked, decoded, () -> answer(call, asked, decoded.payload())));
    } else if (topic.get() instanceof KuraTopic.WrongCall wrong) {
      String message =
          "topic [" + wrong.topic() + "] must name GET, PUT, POST, DEL or EXEC, and a resource";
      Calls.correlation(decoded.payload())
          .ifPresent(asked -> reply(wrong.app(), asked, decoded, () -> Reply.error(400, message)));
    }
  }

  private void tell(KuraTopic.Notice topic, Notices.Progress progress) {
    Operation operation = new Operation(topic.gateway(), topic.app(), progress.operationId());
    Waiting one =
        progress.notification().status().isFinal()
            ? following.remove(operation)
            : following.get(operation);
    if (one != null) {
      one.asker().told(progress.notification());
    }
  }

  private Reply answer(KuraTopic.Call call, Correlation asked, KuraPayload payload) {
    try {
      Request request = Calls.request(call, payload);
      return answering.orElseThrow().answer(asked.requester(), call.app(), request);
    } catch (RuntimeException e) { // the requester shall hear of it, whatever it is
      log.warn("[{}] of {} was not answered", call.topic(), asked.requester(), e);
      return Reply.error(500, "the hub could not do it; its log says why");
    }
  }

  /** In the encoding in which it was asked. */
  private void reply(String app, Correlation asked, Decoded decoded, Supplier<Reply> answer) {
    if (!claims.test(asked.requester(), asked.requestId())) {
      return;
    }
    String topic = new KuraTopic.Answer(account, asked.requester(), app, asked.requestId()).topic();
    byte[] payload =
        PayloadFormat.DEFAULT
            .in(decoded.encoding())
            .encode(Calls.payload(answer.get(), clock.instant()));
    if (!connection.publish(topic, payload)) {
      log.debug("Reply on [{}] not sent: no connection, or too many on their way", topic);
    }
  }

  @Override
  public void close() {
    open = false;
    connection.close();
    thread.interrupt();
    try {
      thread.join(2000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
