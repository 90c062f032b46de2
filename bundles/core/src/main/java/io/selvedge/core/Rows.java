package io.selvedge.core;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.api.event.Event.Severity;
import io.selvedge.api.event.Events;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes rows of what a driver returned: one a time, in order of time, one measurement a channel. A
 * channel that comes twice for one time opens a second row of that time. Readings that the driver
 * did not declare are left out, values of a wrong kind become missing; each is reported once.
 */
final class Rows {

  /** More than this from one read is a fault of the driver: it would hold up its bus for long. */
  static final int MOST_READINGS = 100_000;

  private static final int MOST_COMPLAINTS = 100;

  private final String device;
  private final Map<String, Channel> channels;
  private final Events events;
  private final Set<String> complaints = new HashSet<>();

  Rows(String device, Map<String, Channel> channels, Events events) {
    this.device = device;
    this.channels = channels;
    this.events = events;
  }

  /**
   * @param now time of readings that have none of their own
   * @param nanos monotonic time of arrival
   */
  List<List<Measurement>> of(List<Reading> readings, Instant now, long nanos) {
    if (readings.size() == 1) { // an edge, a thermometer: most of what there is
      return measurement(readings.get(0), now, nanos)
          .map(only -> List.of(List.of(only)))
          .orElse(List.of());
    }
    Map<Instant, Moment> byTime = new TreeMap<>();
    int most = Math.min(readings.size(), MOST_READINGS);
    if (readings.size() > MOST_READINGS) {
      complain(
          "flood",
          "driver returned ["
              + readings.size()
              + "] readings at once; at most "
              + MOST_READINGS
              + " are taken, the rest is dropped; it should return smaller batches");
    }
    for (Reading reading : readings.subList(0, most)) {
      measurement(reading, now, nanos)
          .ifPresent(one -> byTime.computeIfAbsent(one.time(), t -> new Moment()).place(one));
    }
    List<List<Measurement>> rows = new ArrayList<>();
    byTime.values().forEach(moment -> moment.rows.forEach(row -> rows.add(List.copyOf(row))));
    return rows;
  }

  private Optional<Measurement> measurement(Reading reading, Instant now, long nanos) {
    Channel channel = channels.get(reading.channel());
    if (channel == null || !channel.isReadable()) {
      complain(
          reading.channel(),
          "driver returned a reading of channel ["
              + reading.channel()
              + "], which it "
              + (channel == null ? "has not declared" : "has declared as write only")
              + "; it is left out");
      return Optional.empty();
    }
    return Optional.of(
        new Measurement(
            device, channel, value(channel, reading.value()), reading.time().orElse(now), nanos));
  }

  private Value value(Channel channel, Value value) {
    if (Fit.isOf(channel.kind(), value)) {
      return value;
    }
    Optional<Value> fitting = Fit.to(channel.kind(), value);
    if (fitting.isPresent()) {
      return fitting.get();
    }
    String seen = "value [" + value.display() + "] is not of kind " + channel.kind();
    complain(channel.id(), "channel [" + channel.id() + "]: " + seen + "; it counts as missing");
    return Value.missing(Value.Reason.DAMAGED, seen);
  }

  private void complain(String about, String message) {
    if (complaints.size() < MOST_COMPLAINTS && complaints.add(about)) {
      events.report(
          Severity.WARNING,
          "device/" + device,
          "device.wrong_reading",
          "device [" + device + "]: " + message);
    }
  }

  /** The rows of one time: the nth value of a channel goes into the nth row. */
  private static final class Moment {
    private final List<List<Measurement>> rows = new ArrayList<>(1);
    private final Map<String, Integer> seen = new HashMap<>();

    void place(Measurement measurement) {
      int row = seen.merge(measurement.channel().id(), 1, Integer::sum) - 1;
      if (row == rows.size()) {
        rows.add(new ArrayList<>());
      }
      rows.get(row).add(measurement);
    }
  }
}
