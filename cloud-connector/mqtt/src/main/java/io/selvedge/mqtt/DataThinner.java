package io.selvedge.mqtt;

import io.selvedge.outbox.OutRecord;
import io.selvedge.outbox.Thinner;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.PayloadException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Thins out measurements that wait: messages of one device, source and interval become one, with
 * mean, smallest, largest and count of each channel, as flows write them. Intervals begin at whole
 * multiples since 1970; the new message carries the times of the newest one. What is no
 * measurement, or would not get smaller, stays as it is.
 */
final class DataThinner implements Thinner {

  private static final String DATA = "DATA-V1/";

  /** What a record costs beside its payload, about. */
  private static final int RECORD = 24;

  private final long millis;

  /**
   * @param interval at least a millisecond
   */
  DataThinner(Duration interval) {
    millis = interval.toMillis();
  }

  /** What goes together. */
  private record Key(String source, String path, int qos, long interval) {}

  private record Row(OutRecord record, long accepted, Instant time, KuraPayload payload) {}

  @Override
  public List<Aggregate> thin(List<OutRecord> records) {
    Map<Key, List<Row>> groups = new LinkedHashMap<>();
    for (OutRecord record : records) {
      Optional<StoredMessage> stored = StoredMessage.parse(record.payload());
      stored
          .filter(message -> message.path().startsWith(DATA))
          .flatMap(message -> row(record, message))
          .ifPresent(
              row -> {
                StoredMessage message = stored.get();
                long interval = Math.floorDiv(row.time.toEpochMilli(), millis);
                Key key = new Key(record.source(), message.path(), message.qos(), interval);
                groups.computeIfAbsent(key, first -> new ArrayList<>()).add(row);
              });
    }
    List<Aggregate> aggregates = new ArrayList<>();
    groups.forEach((key, rows) -> aggregate(key, rows).ifPresent(aggregates::add));
    return aggregates;
  }

  private static Optional<Row> row(OutRecord record, StoredMessage message) {
    try {
      KuraPayload payload = KuraCodec.decode(message.payload());
      return payload.body().length > 0
          ? Optional.empty()
          : payload.timestamp().map(time -> new Row(record, message.accepted(), time, payload));
    } catch (PayloadException e) {
      return Optional.empty(); // it goes as it is, and the receiver says what it thinks of it
    }
  }

  private static Optional<Aggregate> aggregate(Key key, List<Row> rows) {
    if (rows.size() < 2) {
      return Optional.empty();
    }
    ChannelSums sums = new ChannelSums();
    Row newest = rows.get(0);
    long size = 0;
    for (Row row : rows) {
      sums.add(row.payload.metrics());
      newest = row.time.isBefore(newest.time) ? newest : row;
      size += row.record.payload().length + RECORD;
    }
    KuraPayload payload =
        new KuraPayload(
            Optional.of(newest.time), newest.payload.position(), sums.metrics(), new byte[0]);
    byte[] bytes = StoredMessage.bytes(key.path, payload, key.qos, newest.accepted);
    return bytes.length + RECORD >= size
        ? Optional.empty()
        : Optional.of(new Aggregate(rows.stream().map(row -> row.record.id()).toList(), bytes));
  }
}
