package io.selvedge.mqtt.ledger;

import io.selvedge.api.uplink.Deliveries.Delivery;
import io.selvedge.api.uplink.Deliveries.Sum;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Deliveries by source, application and time. Hours of the last {@value #HOURS_DAYS} days for which
 * there is something, days of the last {@value #MOST_DAYS}, and one sum for what is older. Not
 * thread-safe.
 */
final class Sums {

  static final int HOURS_DAYS = 8;
  static final int MOST_DAYS = 62;

  private static final Duration HOUR = Duration.ofHours(1);
  private static final long HOUR_MILLIS = HOUR.toMillis();
  private static final Duration DAY = Duration.ofDays(1);

  private record Key(Instant from, Duration span, String source, String app) {
    static final Comparator<Key> ORDER =
        Comparator.comparing(Key::from)
            .thenComparing(Key::span)
            .thenComparing(Key::source)
            .thenComparing(Key::app);

    Instant day() {
      return from.truncatedTo(ChronoUnit.DAYS);
    }
  }

  /** What came last of one source and application within one hour: not yet among the sums. */
  private static final class Open {
    private final String source;
    private final String app;
    private final Instant from;
    private final long fromMillis;
    private long messages;
    private long measurements;
    private long bytes;
    private long firstRecord = Long.MAX_VALUE;
    private long lastRecord;

    Open(Delivery first) {
      source = first.source();
      app = first.app();
      from = first.time().truncatedTo(ChronoUnit.HOURS);
      fromMillis = from.toEpochMilli();
    }

    boolean isOf(Delivery one) {
      long millis = one.time().toEpochMilli() - fromMillis;
      return millis >= 0
          && millis < HOUR_MILLIS
          && one.app().equals(app)
          && one.source().equals(source);
    }

    void add(Delivery one) {
      messages++;
      measurements += one.measurements();
      bytes += one.bytes();
      firstRecord = Math.min(firstRecord, one.record());
      lastRecord = Math.max(lastRecord, one.record());
    }

    Sum sum() {
      return new Sum(
          source, app, from, HOUR, messages, measurements, bytes, firstRecord, lastRecord);
    }
  }

  private final Map<Key, Sum> sums = new TreeMap<>(Key.ORDER);
  private Optional<Open> open = Optional.empty();

  void add(Delivery one) {
    if (open.isEmpty() || !open.get().isOf(one)) {
      close();
      open = Optional.of(new Open(one));
    }
    open.get().add(one);
  }

  private void close() {
    open.map(Open::sum).ifPresent(this::put);
    open = Optional.empty();
  }

  private void put(Sum sum) {
    sums.merge(
        new Key(sum.from(), sum.span(), sum.source(), sum.app()),
        sum,
        (a, b) ->
            new Sum(
                a.source(),
                a.app(),
                a.from(),
                a.span(),
                a.messages() + b.messages(),
                a.measurements() + b.measurements(),
                a.bytes() + b.bytes(),
                Math.min(a.firstRecord(), b.firstRecord()),
                Math.max(a.lastRecord(), b.lastRecord())));
  }

  List<Sum> list() {
    close();
    return List.copyOf(sums.values());
  }

  /** Hours become days, and days become the one sum, where they are too old to be told apart. */
  void fold() {
    close();
    List<Instant> days =
        sums.keySet().stream()
            .filter(key -> !key.span().isZero())
            .map(Key::day)
            .distinct()
            .sorted(Comparator.reverseOrder())
            .toList();
    if (days.size() > HOURS_DAYS) {
      fold(
          days.get(HOURS_DAYS - 1),
          days.size() > MOST_DAYS ? days.get(MOST_DAYS - 1) : Instant.MIN);
    }
  }

  private void fold(Instant firstWithHours, Instant firstWithDays) {
    List<Sum> all = new ArrayList<>(sums.values());
    sums.clear();
    for (Sum sum : all) {
      Instant day = sum.from().truncatedTo(ChronoUnit.DAYS);
      if (sum.span().isZero() || day.isBefore(firstWithDays)) {
        put(moved(sum, Instant.EPOCH, Duration.ZERO));
      } else if (day.isBefore(firstWithHours)) {
        put(moved(sum, day, DAY));
      } else {
        put(sum);
      }
    }
  }

  private static Sum moved(Sum sum, Instant from, Duration span) {
    return new Sum(
        sum.source(),
        sum.app(),
        from,
        span,
        sum.messages(),
        sum.measurements(),
        sum.bytes(),
        sum.firstRecord(),
        sum.lastRecord());
  }

  void write(DataOutputStream out) throws IOException {
    close();
    out.writeInt(sums.size());
    for (Sum sum : sums.values()) {
      out.writeUTF(sum.source());
      out.writeUTF(sum.app());
      out.writeLong(sum.from().toEpochMilli());
      out.writeLong(sum.span().toMillis());
      out.writeLong(sum.messages());
      out.writeLong(sum.measurements());
      out.writeLong(sum.bytes());
      out.writeLong(sum.firstRecord());
      out.writeLong(sum.lastRecord());
    }
  }

  static Sums read(DataInputStream in) throws IOException {
    Sums sums = new Sums();
    int size = in.readInt();
    for (int i = 0; i < size; i++) {
      sums.put(
          new Sum(
              in.readUTF(),
              in.readUTF(),
              Instant.ofEpochMilli(in.readLong()),
              Duration.ofMillis(in.readLong()),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong()));
    }
    return sums;
  }
}
