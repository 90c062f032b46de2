package io.selvedge.protocol.kura;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a message of the Kura namespace carries. {@link KuraCodec} turns it into bytes and back.
 *
 * @param timestamp when what it tells happened, UTC, to the millisecond on the wire
 * @param position where
 * @param metrics named values, in the order in which they are sent
 * @param body bytes; empty where there are none. Do not change the array
 */
public record KuraPayload(
    Optional<Instant> timestamp,
    Optional<Position> position,
    Map<String, Metric> metrics,
    byte[] body) {

  public KuraPayload {
    Objects.requireNonNull(timestamp, "timestamp must not be null; give an empty one");
    Objects.requireNonNull(position, "position must not be null; give an empty one");
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    Objects.requireNonNull(body, "body must not be null; give an empty one");
  }

  public static KuraPayload of(Instant timestamp, Map<String, Metric> metrics) {
    return of(timestamp, metrics, new byte[0]);
  }

  public static KuraPayload of(Instant timestamp, Map<String, Metric> metrics, byte[] body) {
    return new KuraPayload(Optional.of(timestamp), Optional.empty(), metrics, body);
  }

  public Optional<Metric> metric(String name) {
    return Optional.ofNullable(metrics.get(name));
  }

  /** The text of a STRING metric; empty where there is none of that name and type. */
  public Optional<String> text(String name) {
    return metric(name)
        .filter(Metric.Text.class::isInstance)
        .map(metric -> ((Metric.Text) metric).value());
  }

  /** The number of an INT64 or INT32 metric; empty where there is none of that name and type. */
  public Optional<Long> whole(String name) {
    return metric(name)
        .flatMap(
            metric -> {
              if (metric instanceof Metric.Int64 l) {
                return Optional.of(l.value());
              }
              return metric instanceof Metric.Int32 i
                  ? Optional.of((long) i.value())
                  : Optional.empty();
            });
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KuraPayload that
        && timestamp.equals(that.timestamp)
        && position.equals(that.position)
        && metrics.equals(that.metrics)
        && Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return Objects.hash(timestamp, position, metrics, Arrays.hashCode(body));
  }

  @Override
  public String toString() {
    return "KuraPayload[" + timestamp + ", " + metrics + ", body of " + body.length + " bytes]";
  }
}
