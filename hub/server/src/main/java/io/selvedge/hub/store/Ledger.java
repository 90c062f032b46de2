package io.selvedge.hub.store;

import io.selvedge.api.uplink.Message;
import io.selvedge.protocol.kura.Records;
import io.selvedge.protocol.kura.Records.Delivered;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * What gateways have sent, by sender, application and day: the other side of each gateway's own
 * ledger. Thread-safe.
 */
public final class Ledger {

  /**
   * One line of it.
   *
   * @param outbox identity of the outbox that the messages came out of; empty where the sender
   *     gives none
   * @param source who sent it: {@code flow/office}; empty: the gateway itself
   * @param day of the messages' own time, UTC
   * @param messages stored, each once
   * @param measurements that were in them
   * @param bytes of payload, as they came
   * @param firstRecord lowest record's number in the outbox
   * @param lastRecord highest
   */
  public record Line(
      String gateway,
      String outbox,
      String source,
      String app,
      LocalDate day,
      long messages,
      long measurements,
      long bytes,
      long firstRecord,
      long lastRecord) {}

  /** Which lines; what is empty does not restrict. {@code from} is included, {@code to} is not. */
  public record Range(
      Optional<String> gateway,
      Optional<String> source,
      Optional<LocalDate> from,
      Optional<LocalDate> to) {}

  private record Key(String gateway, LocalDate day, String source, String app, int outbox) {
    static final Comparator<Key> ORDER =
        Comparator.comparing(Key::gateway)
            .thenComparing(Key::day)
            .thenComparing(Key::source)
            .thenComparing(Key::app)
            .thenComparing(Key::outbox);
  }

  private static final class Sums {
    long messages;
    long measurements;
    long bytes;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
  }

  /** What one batch adds. */
  static final class Batch {
    private final Map<Key, Sums> sums = new TreeMap<>(Key.ORDER); // so that hubs do not deadlock

    /**
     * Counts a message that was not there yet.
     *
     * @param outbox number of its outbox; 0 where it has none
     * @param bytes of its payload, as it came
     */
    void stored(Delivered delivered, int outbox, int bytes) {
      Message message = delivered.message();
      LocalDate day = LocalDate.ofInstant(message.time(), ZoneOffset.UTC);
      Key key = new Key(delivered.gateway(), day, message.source(), message.app(), outbox);
      Sums at = sums.computeIfAbsent(key, k -> new Sums());
      at.messages++;
      at.bytes += bytes;
      at.measurements +=
          message.metrics().keySet().stream()
              .filter(metric -> Records.isMeasurement(message.app(), metric))
              .count();
      at.first = Math.min(at.first, delivered.recordId());
      at.last = Math.max(at.last, delivered.recordId());
    }

    void write(Handle h) {
      if (sums.isEmpty()) {
        return;
      }
      PreparedBatch lines =
          h.prepareBatch(
              "insert into distribution (gateway, outbox, source, app, sent_day, messages,"
                  + " measurements, bytes, first_record, last_record) values (:gateway, :outbox,"
                  + " :source, :app, :day, 0, 0, 0, :first, :last) on conflict do nothing");
      sums.forEach((key, sum) -> bind(lines, key, sum));
      lines.execute();
      PreparedBatch counts =
          h.prepareBatch(
              "update distribution set messages = messages + :messages,"
                  + " measurements = measurements + :measurements, bytes = bytes + :bytes,"
                  + " first_record = least(first_record, :first),"
                  + " last_record = greatest(last_record, :last)"
                  + " where gateway = :gateway and outbox = :outbox and source = :source"
                  + " and app = :app and sent_day = :day");
      sums.forEach(
          (key, sum) -> {
            counts
                .bind("messages", sum.messages)
                .bind("measurements", sum.measurements)
                .bind("bytes", sum.bytes);
            bind(counts, key, sum);
          });
      counts.execute();
    }

    private static void bind(PreparedBatch batch, Key key, Sums sum) {
      batch
          .bind("gateway", key.gateway())
          .bind("outbox", key.outbox())
          .bind("source", key.source())
          .bind("app", key.app())
          .bind("day", key.day())
          .bind("first", sum.first)
          .bind("last", sum.last)
          .add();
    }
  }

  private final Jdbi jdbi;

  public Ledger(Database database) {
    this.jdbi = database.jdbi();
  }

  /** By gateway, day, source and application. */
  public List<Line> lines(Range range) {
    Filter filter =
        new Filter()
            .equal("d.gateway", range.gateway())
            .equal("d.source", range.source())
            .add("d.sent_day", ">=", range.from())
            .add("d.sent_day", "<", range.to());
    return jdbi.withHandle(
        h ->
            filter
                .bind(
                    h.createQuery(
                        "select d.*, o.outbox as outbox_id from distribution d"
                            + " left join outboxes o on o.id = d.outbox "
                            + filter.sql()
                            + " order by d.gateway, d.sent_day, d.source, d.app, d.outbox"))
                .map(
                    (row, context) ->
                        new Line(
                            row.getString("gateway"),
                            Rows.optionalText(row, "outbox_id").orElse(""),
                            row.getString("source"),
                            row.getString("app"),
                            row.getObject("sent_day", LocalDate.class),
                            row.getLong("messages"),
                            row.getLong("measurements"),
                            row.getLong("bytes"),
                            row.getLong("first_record"),
                            row.getLong("last_record")))
                .list());
  }
}
