package io.selvedge.flow;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Rows as the device loop makes them. */
public final class Rows {

  /** The first row of the recorded office. */
  public static final Instant START = Instant.parse("2015-02-02T14:19:00Z");

  private Rows() {}

  /** A row of a device, channel and value in turn: a number, a flag, a text or a Value. */
  public static List<Measurement> row(String device, double minute, Object... channels) {
    Instant time = START.plusMillis(Math.round(minute * 60_000));
    List<Measurement> row = new ArrayList<>();
    for (int i = 0; i < channels.length; i += 2) {
      Value value = value(channels[i + 1]);
      row.add(new Measurement(device, channel((String) channels[i], value), value, time, 0));
    }
    return row;
  }

  private static Channel channel(String id, Value value) {
    return value.match(
        d -> Channel.decimal(id, "Cel"),
        w -> Channel.whole(id, "1"),
        f -> Channel.flag(id),
        t -> Channel.text(id),
        m -> Channel.decimal(id, "Cel"));
  }

  private static Value value(Object plain) {
    if (plain instanceof Value value) {
      return value;
    }
    if (plain instanceof Integer whole) {
      return Value.of((long) whole);
    }
    if (plain instanceof Boolean flag) {
      return Value.of(flag.booleanValue());
    }
    if (plain instanceof String text) {
      return Value.of(text);
    }
    return Value.of(((Double) plain).doubleValue());
  }
}
