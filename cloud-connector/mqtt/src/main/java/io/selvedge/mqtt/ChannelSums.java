package io.selvedge.mqtt;

import io.selvedge.protocol.kura.Metric;
import io.selvedge.protocol.kura.Metrics;
import io.selvedge.protocol.kura.Records;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Rows of one device, summed up by channel. A channel that has been summed up already ({@code
 * x.count}, {@code x.mean}, {@code x.min}, {@code x.max}) counts with its weight. What is missing
 * does not count; a channel of which everything is missing has a count of 0. Of texts, and of what
 * else has no mean, the last one stays.
 */
final class ChannelSums {

  private static final String UNIT = "unit.";
  private static final List<String> PARTS = List.of(".count", ".mean", ".min", ".max");

  private static final class Sum {
    private long count;
    private double sum;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    void add(long values, double mean, double least, double most) {
      count += values;
      sum += mean * values;
      min = Math.min(min, least);
      max = Math.max(max, most);
    }
  }

  private final Map<String, Sum> sums = new TreeMap<>();
  private final Map<String, Metric> last = new TreeMap<>();

  /** Adds one row. */
  void add(Map<String, Metric> metrics) {
    metrics.forEach(
        (name, metric) -> {
          Optional<String> channel = channelOf(name, metrics);
          if (channel.isPresent()) {
            if (name.endsWith(PARTS.get(0))) {
              addSummed(channel.get(), metrics);
            }
          } else {
            addPlain(name, metric);
          }
        });
  }

  private void addPlain(String name, Metric metric) {
    if (name.startsWith(Metrics.MISSING)) {
      sum(name.substring(Metrics.MISSING.length()));
    } else if (name.startsWith(UNIT) || name.equals(Records.SOURCE) || !isNumber(metric)) {
      last.put(name, metric);
    } else {
      Sum sum = sum(name);
      number(Optional.of(metric)).ifPresent(value -> sum.add(1, value, value, value));
    }
  }

  private void addSummed(String channel, Map<String, Metric> metrics) {
    long count = (long) part(metrics, channel, ".count").orElse(0);
    Sum sum = sum(channel);
    if (count > 0) {
      sum.add(
          count,
          part(metrics, channel, ".mean").orElseThrow(),
          part(metrics, channel, ".min").orElseThrow(),
          part(metrics, channel, ".max").orElseThrow());
    }
  }

  private Sum sum(String channel) {
    return sums.computeIfAbsent(channel, first -> new Sum());
  }

  /** The channel of which this metric is a part; empty where it is one of its own. */
  private static Optional<String> channelOf(String name, Map<String, Metric> metrics) {
    for (String part : PARTS) {
      if (name.endsWith(part) && name.length() > part.length()) {
        String channel = name.substring(0, name.length() - part.length());
        OptionalDouble count = part(metrics, channel, ".count");
        boolean whole = metrics.get(channel + ".count") instanceof Metric.Int64;
        boolean empty = count.isPresent() && count.getAsDouble() == 0;
        boolean complete = PARTS.stream().allMatch(one -> part(metrics, channel, one).isPresent());
        return whole && (empty || complete) ? Optional.of(channel) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static OptionalDouble part(Map<String, Metric> metrics, String channel, String part) {
    return number(Optional.ofNullable(metrics.get(channel + part)));
  }

  private static boolean isNumber(Metric metric) {
    return !(metric instanceof Metric.Text) && !(metric instanceof Metric.Bytes);
  }

  /** Empty where it is no number, or not a finite one. */
  private static OptionalDouble number(Optional<Metric> metric) {
    double value = metric.map(ChannelSums::value).orElse(Double.POSITIVE_INFINITY);
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  private static double value(Metric metric) {
    if (metric instanceof Metric.Double64 d) {
      return d.value();
    }
    if (metric instanceof Metric.Float32 f) {
      return f.value();
    }
    if (metric instanceof Metric.Int64 l) {
      return l.value();
    }
    if (metric instanceof Metric.Int32 i) {
      return i.value();
    }
    return metric instanceof Metric.Bool b ? (b.value() ? 1 : 0) : Double.POSITIVE_INFINITY;
  }

  /** All rows as one. */
  Map<String, Metric> metrics() {
    Map<String, Metric> metrics = new LinkedHashMap<>(last);
    sums.forEach(
        (channel, sum) -> {
          metrics.put(channel + ".count", Metric.of(sum.count));
          if (sum.count > 0) {
            metrics.put(channel + ".mean", Metric.of(sum.sum / sum.count));
            metrics.put(channel + ".min", Metric.of(sum.min));
            metrics.put(channel + ".max", Metric.of(sum.max));
          }
        });
    return metrics;
  }
}
