package io.selvedge.hub.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Reads what gateways sent. Thread-safe. */
public final class Telemetry {

  /** Which rows; what is empty does not restrict. {@code from} is included, {@code to} is not. */
  public record Range(Optional<String> gateway, Optional<Instant> from, Optional<Instant> to) {}

  /** Where the last page of measurements ended. */
  public record Position(long message, int series) {}

  private static final String SERIES = " from measurements m join series s on s.id = m.series ";

  private final Jdbi jdbi;

  public Telemetry(Database database) {
    this.jdbi = database.jdbi();
  }

  /** In the order of arrival, those after the position, at most so many. */
  public List<Stored.Measurement> measurements(
      Range range,
      Optional<String> device,
      Optional<String> channel,
      Optional<Position> after,
      int most) {
    Filter filter = filter(range, device, channel);
    String page =
        after.isPresent() ? " and (m.message, m.series) > (:afterMessage, :afterSeries)" : "";
    return jdbi.withHandle(
        h -> {
          var query =
              filter.bind(
                  h.createQuery(
                      "select m.*, s.gateway, s.device, s.channel, s.unit"
                          + SERIES
                          + filter.sql()
                          + page
                          + " order by m.message, m.series limit :most"));
          after.ifPresent(
              p -> query.bind("afterMessage", p.message()).bind("afterSeries", p.series()));
          return query.bind("most", most).map((row, context) -> measurement(row)).list();
        });
  }

  public Stored.MeasurementCount count(
      Range range, Optional<String> device, Optional<String> channel) {
    Filter filter = filter(range, device, channel);
    return jdbi.withHandle(
        h ->
            filter
                .bind(
                    h.createQuery(
                        "select count(*) as values_, count(distinct m.message) as rows_"
                            + SERIES
                            + filter.sql()))
                .map(
                    (row, context) ->
                        new Stored.MeasurementCount(row.getLong("values_"), row.getLong("rows_")))
                .one());
  }

  /** In the order of arrival, those with an id above the given one, at most so many. */
  public List<Stored.Decision> decisions(Range range, Optional<String> flow, long after, int most) {
    Filter filter = plain(range).equal("flow", flow).add("message", ">", Optional.of(after));
    return jdbi.withHandle(
        h ->
            filter
                .bind(
                    h.createQuery(
                        "select * from decisions "
                            + filter.sql()
                            + " order by message limit :most"))
                .bind("most", most)
                .map(
                    (row, context) ->
                        new Stored.Decision(
                            row.getLong("message"),
                            row.getString("gateway"),
                            row.getString("flow"),
                            Rows.time(row, "time"),
                            row.getString("body")))
                .list());
  }

  public long countDecisions(Range range, Optional<String> flow) {
    Filter filter = plain(range).equal("flow", flow);
    return jdbi.withHandle(
        h ->
            filter
                .bind(h.createQuery("select count(*) from decisions " + filter.sql()))
                .mapTo(Long.class)
                .one());
  }

  /** In the order of arrival, those with an id above the given one, at most so many. */
  public List<Stored.Event> events(Range range, long after, int most) {
    Filter filter = plain(range).add("message", ">", Optional.of(after));
    return jdbi.withHandle(
        h ->
            filter
                .bind(
                    h.createQuery(
                        "select * from events " + filter.sql() + " order by message limit :most"))
                .bind("most", most)
                .map(
                    (row, context) ->
                        new Stored.Event(
                            row.getLong("message"),
                            row.getString("gateway"),
                            Rows.time(row, "time"),
                            row.getString("severity"),
                            row.getString("source"),
                            row.getString("code"),
                            row.getString("message_text")))
                .list());
  }

  /** In the order of arrival, those with an id above the given one, at most so many. */
  public List<Stored.Other> others(Range range, Optional<String> app, long after, int most) {
    Filter filter = plain(range).equal("app", app).add("message", ">", Optional.of(after));
    return jdbi.withHandle(
        h ->
            filter
                .bind(
                    h.createQuery(
                        "select * from other_messages "
                            + filter.sql()
                            + " order by message limit :most"))
                .bind("most", most)
                .map(
                    (row, context) ->
                        new Stored.Other(
                            row.getLong("message"),
                            row.getString("gateway"),
                            row.getString("app"),
                            row.getString("resource"),
                            Rows.time(row, "time"),
                            row.getString("metrics"),
                            row.getBytes("body")))
                .list());
  }

  private static Filter filter(Range range, Optional<String> device, Optional<String> channel) {
    return new Filter()
        .equal("s.gateway", range.gateway())
        .equal("s.device", device)
        .equal("s.channel", channel)
        .between("m.time", range.from(), range.to());
  }

  private static Filter plain(Range range) {
    return new Filter().equal("gateway", range.gateway()).between("time", range.from(), range.to());
  }

  private static Stored.Measurement measurement(ResultSet row) throws SQLException {
    Optional<Object> value =
        Optional.<Object>ofNullable(row.getObject("decimal_value", Double.class))
            .or(() -> object(row, "whole_value", Long.class))
            .or(() -> object(row, "flag_value", Boolean.class))
            .or(() -> object(row, "text_value", String.class));
    return new Stored.Measurement(
        row.getLong("message"),
        row.getInt("series"),
        row.getString("gateway"),
        row.getString("device"),
        row.getString("channel"),
        row.getString("unit"),
        Rows.time(row, "time"),
        value.orElseGet(() -> object(row, "missing", String.class).orElse("")),
        value.isEmpty());
  }

  private static Optional<Object> object(ResultSet row, String column, Class<?> type) {
    try {
      return Optional.ofNullable(row.getObject(column, type));
    } catch (SQLException e) {
      throw new IllegalStateException("column [" + column + "] cannot be read", e);
    }
  }
}
