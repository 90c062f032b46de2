package io.selvedge.mqtt;

import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.mqtt.client.ConnectionException;
import io.selvedge.mqtt.client.PublishListener;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.PayloadException;
import io.selvedge.protocol.kura.PayloadFormat;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Requests to the hub that wait for their replies. */
final class Requests {

  /** A request, and what ends it without a reply. */
  private record Waiting(CompletableFuture<Reply> reply, Future<?> timer) {}

  private final Settings settings;
  private final PayloadFormat format;
  private final Clock clock;
  private final ScheduledThreadPoolExecutor executor;
  private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
  private final String prefix = Long.toHexString(ThreadLocalRandom.current().nextLong());
  private final AtomicLong count = new AtomicLong();

  /**
   * @param executor completes requests; must refuse nothing until it is stopped
   */
  Requests(
      Settings settings, PayloadFormat format, Clock clock, ScheduledThreadPoolExecutor executor) {
    this.settings = settings;
    this.format = format;
    this.clock = clock;
    this.executor = executor;
  }

  CompletionStage<Reply> request(Session session, String app, Request request, Duration timeout) {
    String id = prefix + '-' + count.incrementAndGet();
    KuraTopic.Call topic =
        new KuraTopic.Call(
            settings.account(), KuraTopic.HUB, app, request.method(), request.resource());
    KuraPayload payload =
        Calls.payload(request, new Calls.Correlation(id, settings.gateway()), clock.instant());
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    Future<?> timer =
        executor.schedule(
            () -> fail(id, "no reply from the hub within [" + timeout + "]"),
            timeout.toMillis(),
            TimeUnit.MILLISECONDS);
    waiting.put(id, new Waiting(reply, timer));
    try {
      session.publish(topic.topic(), format.encode(payload), 1, listener(id));
    } catch (ConnectionException e) {
      fail(id, "request could not be sent: " + e.reason());
    }
    return reply;
  }

  private PublishListener listener(String id) {
    return new PublishListener() {
      @Override
      public void done() {
        // the reply says more
      }

      @Override
      public void failed(String reason) {
        later(() -> fail(id, "connection is lost: " + reason));
      }
    };
  }

  /** On the client's thread. */
  void replied(KuraTopic.Answer topic, byte[] payload) {
    later(() -> complete(topic.requestId(), payload));
  }

  private void complete(String id, byte[] payload) {
    Waiting request = waiting.remove(id);
    if (request == null) {
      return; // too late, or of the time before a restart
    }
    request.timer.cancel(false);
    try {
      request.reply.complete(Calls.reply(KuraCodec.decode(payload)));
    } catch (PayloadException e) {
      request.reply.completeExceptionally(
          new IOException("reply cannot be read: " + e.getMessage(), e));
    }
  }

  /** The connection is gone, and with it the replies. */
  void lost(String reason) {
    later(() -> waiting.keySet().forEach(id -> fail(id, "connection is lost: " + reason)));
  }

  private void fail(String id, String why) {
    Waiting request = waiting.remove(id);
    if (request != null) {
      request.timer.cancel(false);
      request.reply.completeExceptionally(new IOException(why));
    }
  }

  private void later(Runnable work) {
    if (!executor.isShutdown()) {
      executor.execute(work);
    }
  }

  /** Ends all that wait, on the caller's thread. */
  void close() {
    waiting.keySet().forEach(id -> fail(id, "the connection to the hub is being stopped"));
  }
}
