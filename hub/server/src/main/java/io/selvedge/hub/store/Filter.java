package io.selvedge.hub.store;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;

/** Conditions that may be there or not, joined by {@code and}. Values are always bound. */
final class Filter {

  private final StringBuilder sql = new StringBuilder("where 1 = 1");
  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Column equals value, where there is one. */
  Filter equal(String column, Optional<String> value) {
    return add(column, "=", value);
  }

  /** From inclusive, to exclusive, each where it is there. */
  Filter between(String column, Optional<Instant> from, Optional<Instant> to) {
    return add(column, ">=", from).add(column, "<", to);
  }

  Filter add(String column, String operator, Optional<?> value) {
    value.ifPresent(
        v -> {
          String name = "f" + values.size();
          sql.append(" and ").append(column).append(' ').append(operator).append(" :").append(name);
          values.put(name, v);
        });
    return this;
  }

  String sql() {
    return sql.toString();
  }

  Query bind(Query query) {
    values.forEach(query::bind);
    return query;
  }
}
