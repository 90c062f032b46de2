package io.selvedge.protocol.kura;

import io.selvedge.api.uplink.Notification;
import io.selvedge.api.uplink.Notification.Status;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Notifications as payloads, with the names that Kura and Kapua use for any application. */
public final class Notices {

  /**
   * Metric: which operation. A request may carry it; otherwise its {@link Calls#REQUEST_ID} names
   * the operation. INT64 where it is such a number, as Kapua expects it, else STRING.
   */
  public static final String OPERATION_ID = "operation.id";

  /** Metric: one of the names of {@link Status}, STRING. */
  public static final String STATUS = "status";

  /** Metric: percent, INT32. */
  public static final String PROGRESS = "progress";

  /** Metric: for people, STRING. */
  public static final String MESSAGE = "message";

  /**
   * A notification, and of which operation.
   *
   * @param operationId names the operation among those of the requester
   * @param notification how it goes on
   */
  public record Progress(String operationId, Notification notification) {}

  private Notices() {}

  /** Which operation a request begins. */
  public static String operationId(KuraPayload request, Calls.Correlation correlation) {
    return id(request).orElse(correlation.requestId());
  }

  /** A notification as a payload; its type goes into the topic. */
  public static KuraPayload payload(Progress told, Instant now) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put(OPERATION_ID, id(told.operationId()));
    metrics.put(STATUS, Metric.of(told.notification().status().name()));
    metrics.put(PROGRESS, Metric.of(told.notification().progress()));
    metrics.put(MESSAGE, Metric.of(told.notification().message()));
    metrics.putAll(Metrics.of(told.notification().metrics()));
    return KuraPayload.of(now, metrics);
  }

  /**
   * The other way round. A progress that is missing counts as 0.
   *
   * @throws PayloadException where it does not say which operation, or has no known status
   */
  public static Progress progress(KuraTopic.Notice topic, KuraPayload payload)
      throws PayloadException {
    Map<String, Metric> metrics = new LinkedHashMap<>(payload.metrics());
    metrics.keySet().removeAll(Set.of(OPERATION_ID, STATUS, PROGRESS, MESSAGE));
    String operationId =
        id(payload)
            .orElseThrow(() -> new PayloadException("metric [operation.id] is missing; add it"));
    Notification notification =
        new Notification(
            topic.type(),
            status(payload.text(STATUS).orElse("")),
            (int) Math.max(0, Math.min(100, payload.whole(PROGRESS).orElse(0L))),
            payload.text(MESSAGE).orElse(""),
            Metrics.values(metrics));
    return new Progress(operationId, notification);
  }

  private static Status status(String name) throws PayloadException {
    for (Status one : Status.values()) {
      if (one.name().equals(name)) {
        return one;
      }
    }
    throw new PayloadException(
        "metric status [" + name + "] must be IN_PROGRESS, COMPLETED, FAILED or CANCELLED");
  }

  private static Optional<String> id(KuraPayload payload) {
    return payload.text(OPERATION_ID).or(() -> payload.whole(OPERATION_ID).map(String::valueOf));
  }

  private static Metric id(String operationId) {
    try {
      long number = Long.parseLong(operationId);
      return Long.toString(number).equals(operationId) ? Metric.of(number) : Metric.of(operationId);
    } catch (NumberFormatException e) {
      return Metric.of(operationId);
    }
  }
}
