package io.selvedge.sparkplug;

import io.selvedge.sparkplug.payload.Content;
import io.selvedge.sparkplug.payload.DataType;
import io.selvedge.sparkplug.payload.Metric;
import io.selvedge.sparkplug.payload.Property;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** One metric of the node or of a device, and what the hosts were told of it last. One thread. */
final class MetricState {

  private static final String UNIT = "engUnit";
  private static final String REASON = "Reason";

  private final String name;
  private final DataType type;
  private final OptionalLong alias;
  private final String unit;
  private Reported last = new Reported(Optional.empty(), OptionalLong.empty(), "");
  private int quality = Property.STALE;

  /**
   * A value or why there is none.
   *
   * @param content empty: none
   * @param time milliseconds since 1970; empty: there never was one
   * @param reason why there is none; empty where there is one, or where nothing is known
   */
  record Reported(Optional<Content> content, OptionalLong time, String reason) {}

  /**
   * @param unit UCUM; empty: none
   */
  MetricState(String name, DataType type, OptionalLong alias, String unit) {
    this.name = name;
    this.type = type;
    this.alias = alias;
    this.unit = unit;
  }

  String name() {
    return name;
  }

  DataType type() {
    return type;
  }

  OptionalLong alias() {
    return alias;
  }

  String unit() {
    return unit;
  }

  Reported last() {
    return last;
  }

  /** A new session knows nothing of what the one before was told. */
  void forget() {
    last = new Reported(Optional.empty(), OptionalLong.empty(), "");
    quality = Property.STALE;
  }

  /** What the next birth tells of it. */
  void learn(Reported current) {
    last = current;
  }

  /**
   * As it stands in a birth. From now on {@code current} is what the hosts know. A value without a
   * quality is good.
   */
  Metric born(Reported current, long now) {
    last = current;
    quality = quality(current);
    Map<String, Property> properties =
        quality == Property.GOOD ? new LinkedHashMap<>() : quality(current, quality);
    if (!unit.isEmpty()) {
      properties.put(UNIT, Property.of(unit));
    }
    return new Metric(
        Optional.of(name),
        alias,
        OptionalLong.of(current.time().orElse(now)),
        OptionalInt.of(type.number()),
        false,
        properties,
        shown(current.content(), current.time().orElse(now)));
  }

  /** An instance of a template has all its members, also where nothing is known of them. */
  private Optional<Content> shown(Optional<Content> content, long time) {
    if (content.isPresent() || type != DataType.TEMPLATE) {
      return content;
    }
    String channel = name.substring(0, name.length() - Aggregate.SUFFIX.length());
    return Optional.of(Aggregate.nothing(channel, time));
  }

  /** Whether a value of this time may change what the hosts hold for current. */
  boolean isCurrent(long time) {
    return last.time().isEmpty() || time >= last.time().getAsLong();
  }

  /** As it stands in a data message; where it is not historical, it is what the hosts know now. */
  Metric data(Reported reported, long time, boolean historical) {
    Map<String, Property> properties = Map.of();
    int now = quality(reported);
    if (historical ? now != Property.GOOD : now != quality || now != Property.GOOD) {
      properties = quality(reported, now);
    }
    if (!historical) {
      last = reported;
      quality = now;
    }
    return new Metric(
        alias.isPresent() ? Optional.empty() : Optional.of(name),
        alias,
        OptionalLong.of(time),
        OptionalInt.empty(),
        historical,
        properties,
        shown(reported.content(), time));
  }

  private static int quality(Reported reported) {
    if (reported.content().isPresent()) {
      return Property.GOOD;
    }
    return reported.reason().isEmpty() ? Property.STALE : Property.BAD;
  }

  private static Map<String, Property> quality(Reported reported, int code) {
    Map<String, Property> properties = new LinkedHashMap<>();
    properties.put(Property.QUALITY, Property.quality(code));
    if (!reported.reason().isEmpty()) {
      properties.put(REASON, Property.of(reported.reason()));
    }
    return properties;
  }
}
