package io.selvedge.bench.kill;

import io.selvedge.bench.injector.Numbered;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** The table of a hub that has stopped, read past the hub: how often each number is in it. */
final class HubTable {

  private static final int PAGE = 2000;

  private final Map<String, Map<Integer, Integer>> numbers = new HashMap<>();
  private int altered;

  private HubTable() {}

  /** Reads it all. */
  static HubTable read(Path hubData) throws SQLException {
    HubTable table = new HubTable();
    String url =
        "jdbc:h2:file:"
            + hubData.resolve("store/hub").toAbsolutePath()
            + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;IFEXISTS=TRUE;ACCESS_MODE_DATA=r";
    String select =
        "select message, gateway, body from other_messages where app = ? and message > ?"
            + " order by message fetch first "
            + PAGE
            + " rows only";
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement statement = connection.prepareStatement(select)) {
      long last = Long.MIN_VALUE;
      int rows = PAGE;
      while (rows == PAGE) {
        statement.setString(1, Numbered.APP);
        statement.setLong(2, last);
        rows = 0;
        try (ResultSet page = statement.executeQuery()) {
          while (page.next()) {
            last = page.getLong(1);
            table.add(page.getString(2), page.getBytes(3));
            rows++;
          }
        }
      }
    }
    return table;
  }

  private void add(String gateway, byte[] body) {
    OptionalInt number = Numbered.find(body);
    if (number.isEmpty() || !Arrays.equals(body, Numbered.body(number.getAsInt()))) {
      altered++;
    } else {
      numbers
          .computeIfAbsent(gateway, id -> new HashMap<>())
          .merge(number.getAsInt(), 1, Integer::sum);
    }
  }

  /** How often each number of a gateway is there. */
  Map<Integer, Integer> of(String gateway) {
    return numbers.getOrDefault(gateway, Map.of());
  }

  /** Rows whose bytes are not those that were sent. */
  int altered() {
    return altered;
  }
}
