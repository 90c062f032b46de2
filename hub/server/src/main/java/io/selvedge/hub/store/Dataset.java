package io.selvedge.hub.store;

import io.selvedge.api.device.ChannelAddress;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.result.ResultIterator;

/**
 * Writes measurements as rows to train on: {@code time_ms,input,value}, ordered by time, numbers
 * only. A flag is 1 or 0; text and what is missing are left out.
 */
public final class Dataset {

  /**
   * What was written.
   *
   * @param rows values, without the header
   * @param sha256 of the file
   * @param first time of the first; empty where there is none
   * @param last time of the last
   * @param perInput values of each input
   */
  public record Exported(
      long rows,
      String sha256,
      Optional<Instant> first,
      Optional<Instant> last,
      Map<String, Long> perInput) {}

  private static final String HEADER = "time_ms,input,value\n";
  private static final int FETCH = 5000;

  private final Jdbi jdbi;

  public Dataset(Database database) {
    this.jdbi = database.jdbi();
  }

  /**
   * Writes a file.
   *
   * @param inputs channels by the names they get in the file
   */
  public Exported export(
      String gateway,
      Map<String, ChannelAddress> inputs,
      Optional<Instant> from,
      Optional<Instant> to,
      Path file)
      throws IOException {
    Map<Integer, String> names = new LinkedHashMap<>();
    inputs.forEach(
        (name, address) -> series(gateway, address).ifPresent(id -> names.put(id, name)));
    MessageDigest digest = sha256();
    try (OutputStream bytes = new DigestOutputStream(Files.newOutputStream(file), digest);
        Writer out = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8))) {
      out.write(HEADER);
      Sums sums = names.isEmpty() ? new Sums() : write(names, from, to, out);
      out.flush();
      return new Exported(
          sums.rows,
          HexFormat.of().formatHex(digest.digest()),
          sums.first,
          sums.last,
          Map.copyOf(sums.perInput));
    }
  }

  /** The channel's number; empty where the gateway never sent it. */
  public Optional<Integer> series(String gateway, ChannelAddress address) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "select id from series where gateway = :gateway and device = :device"
                        + " and channel = :channel")
                .bind("gateway", gateway)
                .bind("device", address.device())
                .bind("channel", address.channel())
                .mapTo(Integer.class)
                .findOne());
  }

  private static final class Sums {
    long rows;
    Optional<Instant> first = Optional.empty();
    Optional<Instant> last = Optional.empty();
    final Map<String, Long> perInput = new LinkedHashMap<>();

    void add(String name, Instant time) {
      rows++;
      first = first.or(() -> Optional.of(time));
      last = Optional.of(time);
      perInput.merge(name, 1L, Long::sum);
    }
  }

  private record Row(Instant time, int series, double value) {}

  private Sums write(
      Map<Integer, String> names, Optional<Instant> from, Optional<Instant> to, Writer out)
      throws IOException {
    Filter filter = new Filter().between("time", from, to);
    String sql =
        "select time, series, decimal_value, whole_value, flag_value from measurements "
            + filter.sql()
            + " and series in (<series>) and missing is null and text_value is null"
            + " order by time, message, series";
    // In one transaction, so that PostgreSQL sends the rows in portions.
    return jdbi.inTransaction(
        h -> {
          Database.mayTakeLong(h); // the rows are sorted before the first one comes
          var query =
              filter.bind(h.createQuery(sql).bindList("series", List.copyOf(names.keySet())));
          Sums sums = new Sums();
          try (ResultIterator<Row> rows =
              query.setFetchSize(FETCH).map((row, context) -> row(row)).iterator()) {
            while (rows.hasNext()) {
              Row row = rows.next();
              String name = names.getOrDefault(row.series(), "");
              out.write(row.time().toEpochMilli() + "," + name + "," + row.value() + "\n");
              sums.add(name, row.time());
            }
          }
          return sums;
        });
  }

  private static Row row(ResultSet row) throws SQLException {
    Optional<Double> decimal = Optional.ofNullable(row.getObject("decimal_value", Double.class));
    Optional<Long> whole = Optional.ofNullable(row.getObject("whole_value", Long.class));
    boolean flag = row.getBoolean("flag_value");
    return new Row(
        Rows.time(row, "time"),
        row.getInt("series"),
        decimal.orElseGet(() -> whole.map(Long::doubleValue).orElse(flag ? 1.0 : 0.0)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
