package io.selvedge.protocol.kura;

import io.selvedge.api.device.Value;
import io.selvedge.api.device.Value.Reason;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Values of the api as metrics and back. {@code Decimal} is DOUBLE, {@code Whole} INT64 (INT32
 * where Kura's and Kapua's code wants that for the name), {@code Flag} BOOL, {@code Text} STRING; a
 * {@code Missing} of the name {@code x} is a STRING named {@code missing.x} with {@code {REASON}:
 * {detail}}.
 */
public final class Metrics {

  /** Before the name of a metric that says why a value is missing. */
  public static final String MISSING = "missing.";

  /** Kapua casts these to Integer. */
  private static final Set<String> INT32 =
      Set.of(
          "dp.download.size",
          "dp.download.progress",
          "dp.download.index",
          "dp.install.progress",
          "dp.uninstall.progress",
          "command.exit.code");

  private Metrics() {}

  /** Sorted by name, so that the same values always give the same bytes. */
  public static Map<String, Metric> of(Map<String, Value> values) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    new TreeMap<>(values)
        .forEach((name, value) -> metrics.put(name(name, value), metric(name, value)));
    return metrics;
  }

  /** As it is called among metrics. */
  static String name(String name, Value value) {
    return value.present() ? name : MISSING + name;
  }

  /** What of a payload's metrics can be a value: all but BYTES. */
  public static Map<String, Value> values(Map<String, Metric> metrics) {
    Map<String, Value> values = new LinkedHashMap<>();
    metrics.forEach(
        (name, metric) -> {
          if (name.startsWith(MISSING) && metric instanceof Metric.Text text) {
            values.put(name.substring(MISSING.length()), missing(text.value()));
          } else {
            value(metric).ifPresent(value -> values.put(name, value));
          }
        });
    return values;
  }

  static Metric metric(String name, Value value) {
    return value.match(
        d -> Metric.of(d.value()),
        w -> INT32.contains(name) ? int32(w.value()) : Metric.of(w.value()),
        f -> Metric.of(f.value()),
        t -> Metric.of(t.value()),
        m -> Metric.of(m.reason().name() + ": " + m.detail()));
  }

  /** The nearest there is: Kura counts bytes in 32 bits, too. */
  private static Metric int32(long value) {
    return Metric.of((int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value)));
  }

  private static Optional<Value> value(Metric metric) {
    if (metric instanceof Metric.Double64 d) {
      return Optional.of(decimal(d.value()));
    }
    if (metric instanceof Metric.Float32 f) {
      return Optional.of(decimal(f.value()));
    }
    if (metric instanceof Metric.Int64 l) {
      return Optional.of(Value.of(l.value()));
    }
    if (metric instanceof Metric.Int32 i) {
      return Optional.of(Value.of((long) i.value()));
    }
    if (metric instanceof Metric.Bool b) {
      return Optional.of(Value.of(b.value()));
    }
    return metric instanceof Metric.Text t ? Optional.of(Value.of(t.value())) : Optional.empty();
  }

  private static Value decimal(double value) {
    return Double.isFinite(value)
        ? Value.of(value)
        : Value.missing(Reason.OUT_OF_RANGE, Double.toString(value));
  }

  /** A reason that this end does not know is kept in the detail. */
  private static Value missing(String text) {
    int colon = text.indexOf(':');
    for (Reason reason : Reason.values()) {
      if (colon > 0 && text.substring(0, colon).equals(reason.name())) {
        return Value.missing(reason, text.substring(colon + 1).strip());
      }
    }
    return Value.missing(Reason.ABSENT, text);
  }
}
