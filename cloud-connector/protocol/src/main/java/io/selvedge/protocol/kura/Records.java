package io.selvedge.protocol.kura;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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
  static final String UNIT = "unit.";

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

  /**
   * The bytes of {@link #payload}, not compressed, behind a place that is left free: for a store
   * that puts something before them.
   *
   * @param before bytes to be left free
   */
  public static byte[] encodePlain(Message message, int before) {
    Map<String, Value> values = message.metrics();
    int count = values.size();
    String[] names = values.keySet().toArray(new String[count + 1]);
    Arrays.sort(names, 0, count);
    Metric[] metrics = new Metric[count + 1];
    for (int i = 0; i < count; i++) {
      if (names[i].startsWith(Metrics.MISSING) || names[i].equals(SOURCE)) {
        return behind(before, KuraCodec.encodePlain(payload(message))); // names may be the same
      }
      Value value = Objects.requireNonNull(values.get(names[i]), "it was among the names");
      metrics[i] = Metrics.metric(names[i], value);
      names[i] = Metrics.name(names[i], value);
    }
    if (!message.source().isEmpty()) {
      names[count] = SOURCE;
      metrics[count] = Metric.of(message.source());
      count++;
    }
    return PayloadWriter.write(before, message.time(), count, names, metrics, message.body());
  }

  private static byte[] behind(int before, byte[] bytes) {
    byte[] all = new byte[before + bytes.length];
    System.arraycopy(bytes, 0, all, before, bytes.length);
    return all;
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
