package io.selvedge.protocol.kura;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Messages out of an outbox as payloads, with what makes each one unique. */
public final class Records {

  /** Metric: identity of the outbox. */
  public static final String OUTBOX_ID = "outbox.id";

  /** Metric: number within the outbox. */
  public static final String RECORD_ID = "record.id";

  /** Metric: who sent it, where that is not the gateway itself. */
  public static final String SOURCE = "message.source";

  /**
   * What came out of an outbox, as the receiver sees it.
   *
   * @param gateway who sent it
   * @param outboxId of which outbox; empty where the sender is no Selvedge gateway
   * @param recordId the how-manieth of that outbox; 0 where the sender is no Selvedge gateway
   * @param message the message; its priority and time to live do not travel
   */
  public record Delivered(String gateway, String outboxId, long recordId, Message message) {}

  private static final String DATA = "DATA-V1";
  private static final String UNIT = "unit.";

  private Records() {}

  /** Whether a metric of a message of this application is a measurement, and not a unit. */
  public static boolean isMeasurement(String app, String metric) {
    return app.equals(DATA) && !metric.startsWith(UNIT);
  }

  /** Without identity, which is {@link KuraCodec#append appended} when the message leaves. */
  public static KuraPayload payload(Message message) {
    Map<String, Metric> metrics = new LinkedHashMap<>(Metrics.of(message.metrics()));
    if (!message.source().isEmpty()) {
      metrics.put(SOURCE, Metric.of(message.source()));
    }
    return KuraPayload.of(message.time(), metrics, message.body());
  }

  public static Map<String, Metric> identity(String outboxId, long recordId) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put(OUTBOX_ID, Metric.of(outboxId));
    metrics.put(RECORD_ID, Metric.of(recordId));
    return metrics;
  }

  /** The other way round; a payload without a time stamp gets the epoch's. */
  public static Delivered delivered(KuraTopic.Data topic, KuraPayload payload) {
    Map<String, Metric> metrics = new LinkedHashMap<>(payload.metrics());
    metrics.remove(OUTBOX_ID);
    metrics.remove(RECORD_ID);
    metrics.remove(SOURCE);
    Map<String, Value> values = Metrics.values(metrics);
    Optional<Instant> time = payload.timestamp();
    return new Delivered(
        topic.gateway(),
        payload.text(OUTBOX_ID).orElse(""),
        payload.whole(RECORD_ID).orElse(0L),
        new Message(
            topic.app(),
            topic.resource(),
            time.orElse(Instant.EPOCH),
            values,
            payload.body(),
            Message.DEFAULT_PRIORITY,
            Duration.ZERO,
            payload.text(SOURCE).orElse("")));
  }
}
