package io.selvedge.sparkplug;

import io.selvedge.api.device.Channel;
import io.selvedge.sparkplug.payload.DataType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The node or one of its devices: its metrics, and whether the hosts know of it. One thread. */
final class Owner {

  /** So many metrics are told of; a sender that makes up names does not fill the memory. */
  static final int MOST_METRICS = 5000;

  private final Map<String, MetricState> metrics = new LinkedHashMap<>();
  private List<Channel> channels = List.of();
  private Standing standing = Standing.UNBORN;

  /** What the hosts know. */
  enum Standing {
    /** Nothing in this session. */
    UNBORN,
    /** It is there. */
    ALIVE,
    /** It is not there, and was born only so that what waited for it can be sent. */
    RECALLED
  }

  Standing standing() {
    return standing;
  }

  void stand(Standing other) {
    standing = other;
  }

  boolean isBorn() {
    return standing != Standing.UNBORN;
  }

  List<Channel> channels() {
    return channels;
  }

  /** From now on it has these channels. Metrics that only messages brought stay. */
  void channels(List<Channel> others, AliasSource aliases) {
    for (Channel gone : channels) {
      metrics.remove(gone.id());
    }
    channels = List.copyOf(others);
    for (Channel channel : channels) {
      metrics.put(
          channel.id(),
          new MetricState(
              channel.id(),
              Contents.type(channel.kind()),
              aliases.of(channel.id()),
              channel.unit()));
    }
  }

  Optional<Channel> channel(String id) {
    return channels.stream().filter(channel -> channel.id().equals(id)).findFirst();
  }

  Optional<MetricState> metric(String name) {
    return Optional.ofNullable(metrics.get(name));
  }

  Collection<MetricState> metrics() {
    return metrics.values();
  }

  /**
   * Sees to it that there is a metric of a fitting type for each value.
   *
   * @return whether there was one missing, or one whose type does not fit: then the hosts are to be
   *     told
   * @throws IllegalArgumentException where there would be too many; nothing has changed then
   */
  boolean define(Map<String, Reading> values, AliasSource aliases) {
    long unknown = values.keySet().stream().filter(name -> !metrics.containsKey(name)).count();
    if (metrics.size() + unknown > MOST_METRICS) {
      throw new IllegalArgumentException(
          "["
              + unknown
              + "] new metrics, for example ["
              + values.keySet().iterator().next()
              + "], would be more than the ["
              + MOST_METRICS
              + "] that a device can have; send fewer names");
    }
    boolean changed = false;
    for (Map.Entry<String, Reading> entry : values.entrySet()) {
      Optional<MetricState> before = metric(entry.getKey());
      DataType type = entry.getValue().type(before.map(MetricState::type));
      if (before.isEmpty() || before.get().type() != type) {
        String unit = before.map(MetricState::unit).orElse("");
        String name = entry.getKey();
        metrics.put(name, new MetricState(name, type, aliases.of(name), unit));
        changed = true;
      }
    }
    return changed;
  }

  /** A message brought it before the last start. */
  void remember(String name, DataType type, AliasSource aliases) {
    if (metrics.size() < MOST_METRICS) {
      metrics.put(name, new MetricState(name, type, aliases.of(name), ""));
    }
  }

  /** The session is over. */
  void forget() {
    standing = Standing.UNBORN;
    metrics.values().forEach(MetricState::forget);
  }

  /** Gives the alias of a metric of this owner, the same for the same name. */
  interface AliasSource {
    OptionalLong of(String metric);
  }
}
