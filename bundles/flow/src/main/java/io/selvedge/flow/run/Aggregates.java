package io.selvedge.flow.run;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Value;
import io.selvedge.flow.ledger.Book;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sends mean, smallest, largest and count of each input once in a time; its intervals begin at
 * whole multiples of it since 1970. Texts are left out. A message carries the time of the newest
 * row in it.
 */
final class Aggregates {

  /** What an input was within one interval. */
  private static final class Sum {
    private final Channel channel;
    private long count;
    private double sum;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    Sum(Channel channel) {
      this.channel = channel;
    }

    void add(double value) {
      count++;
      sum += value;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }

  /** One interval of one device. */
  private static final class Interval {
    private final long number;
    private final Map<String, Sum> sums = new LinkedHashMap<>();
    private final Map<LocalDate, Long> rows = new TreeMap<>();
    private long newest;

    Interval(long number) {
      this.number = number;
    }
  }

  private final long every;
  private final DataMessages messages;
  private final Book book;
  private final Map<String, Interval> intervals = new HashMap<>();

  Aggregates(Duration every, DataMessages messages, Book book) {
    this.every = every.toMillis();
    this.messages = messages;
    this.book = book;
  }

  /** Takes in what a row brought, at least one input. */
  void add(List<Inputs.Brought> brought, long time) {
    String device = brought.get(0).measurement().device();
    long number = Math.floorDiv(time, every);
    Interval interval = intervals.get(device);
    if (interval == null || interval.number != number) {
      if (interval != null) {
        send(device, interval);
      }
      interval = new Interval(number);
      intervals.put(device, interval);
    }
    interval.newest = time;
    interval.rows.merge(Book.day(time), 1L, Long::sum);
    book.gathers(Book.day(time));
    for (Inputs.Brought one : brought) {
      Channel channel = one.measurement().channel();
      if (channel.kind() != Channel.Kind.TEXT) {
        Sum sum = interval.sums.computeIfAbsent(one.input(), input -> new Sum(channel));
        one.measurement().value().number().ifPresent(sum::add);
      }
    }
  }

  /** Sends what has been gathered. */
  void close() {
    intervals.forEach(this::send);
    intervals.clear();
  }

  private void send(String device, Interval interval) {
    Map<String, Value> metrics = new HashMap<>();
    interval.sums.forEach(
        (input, sum) -> {
          String id = sum.channel.id();
          metrics.put(id + ".count", Value.of(sum.count));
          if (sum.count > 0) {
            metrics.put(id + ".mean", Value.of(sum.sum / sum.count));
            metrics.put(id + ".min", Value.of(sum.min));
            metrics.put(id + ".max", Value.of(sum.max));
          }
        });
    int measurements = metrics.size();
    interval.sums.forEach((input, sum) -> messages.unit(input, sum.channel, metrics));
    if (metrics.isEmpty()) {
      interval.rows.forEach(book::unmerged);
    } else {
      messages.send(device, interval.newest, metrics, measurements);
      interval.rows.forEach(book::merged);
    }
  }
}
