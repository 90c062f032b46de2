package io.selvedge.protocol.kura;

import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Requests and replies as payloads. */
public final class Calls {

  /** Metric of a request: what the reply's topic ends with. */
  public static final String REQUEST_ID = "request.id";

  /** Metric of a request: whom the reply goes to. */
  public static final String REQUESTER = "requester.client.id";

  /** Metric of a reply: 200, 400, 404 or 500. */
  public static final String CODE = "response.code";

  /** Metric of a reply that is not 200: why. */
  public static final String MESSAGE = "response.exception.message";

  /** Metric of a reply with code 500: where in the program, for those who mend it. */
  public static final String STACK = "response.exception.stack";

  /**
   * Whom a reply goes to.
   *
   * @param requestId names the request among those of the requester
   * @param requester its client id
   */
  public record Correlation(String requestId, String requester) {}

  private Calls() {}

  /** A request as a payload. */
  public static KuraPayload payload(Request request, Correlation correlation, Instant now) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put(REQUEST_ID, Metric.of(correlation.requestId()));
    metrics.put(REQUESTER, Metric.of(correlation.requester()));
    metrics.putAll(Metrics.of(request.metrics()));
    return KuraPayload.of(now, metrics, request.body());
  }

  /** Empty where one of the two is missing: such a request gets no reply. */
  public static Optional<Correlation> correlation(KuraPayload payload) {
    return payload
        .text(REQUEST_ID)
        .flatMap(id -> payload.text(REQUESTER).map(who -> new Correlation(id, who)));
  }

  /** What is asked, without the metrics of the correlation. */
  public static Request request(KuraTopic.Call topic, KuraPayload payload) {
    Map<String, Metric> metrics = new LinkedHashMap<>(payload.metrics());
    metrics.remove(REQUEST_ID);
    metrics.remove(REQUESTER);
    return new Request(topic.method(), topic.resource(), Metrics.values(metrics), payload.body());
  }

  /** A reply as a payload. */
  public static KuraPayload payload(Reply reply, Instant now) {
    return payload(reply, Optional.empty(), now);
  }

  /**
   * A reply as a payload.
   *
   * @param stack where in the program it went wrong; empty: that is not told
   */
  public static KuraPayload payload(Reply reply, Optional<String> stack, Instant now) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put(CODE, Metric.of(reply.code()));
    if (!reply.message().isEmpty()) {
      metrics.put(MESSAGE, Metric.of(reply.message()));
    }
    stack.ifPresent(text -> metrics.put(STACK, Metric.of(text)));
    metrics.putAll(Metrics.of(reply.metrics()));
    return KuraPayload.of(now, metrics, reply.body());
  }

  /** A reply without a code counts as 500. */
  public static Reply reply(KuraPayload payload) {
    Map<String, Metric> metrics = new LinkedHashMap<>(payload.metrics());
    metrics.remove(CODE);
    metrics.remove(MESSAGE);
    metrics.remove(STACK);
    Optional<Long> code = payload.whole(CODE);
    return new Reply(
        code.filter(c -> c > 0 && c < 1000).orElse(500L).intValue(),
        payload.text(MESSAGE).orElse(code.isPresent() ? "" : "reply without [" + CODE + "]"),
        Metrics.values(metrics),
        payload.body());
  }
}
