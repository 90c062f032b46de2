package io.selvedge.hub.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub's database: H2 within the process, or PostgreSQL by its address; one schema for both, put
 * in place by numbered migrations at each start. Thread-safe.
 */
public final class Database implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Database.class);
  private static final int CONNECTIONS = 8;
  private static final String POSTGRESQL = "jdbc:postgresql:";
  private static final String LONGEST_SILENCE_SECONDS = "60";
  private static final int LONG_MILLIS = 3_600_000;
  private static final long START_MILLIS = 30_000; // a server may still be starting

  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final boolean embedded;

  private Database(HikariDataSource pool, boolean embedded) {
    this.pool = pool;
    this.embedded = embedded;
    this.jdbi = Jdbi.create(pool).registerArgument(new UtcInstants());
    if (embedded) {
      FileCommits.of(jdbi);
    }
  }

  /** H2 in files under the directory. */
  public static Database embedded(Path directory) throws IOException {
    // A commit is in the file when it returns (FileCommits); on the disk after sync().
    String url =
        "jdbc:h2:file:"
            + directory.toAbsolutePath().resolve("hub")
            + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
            + ";DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=-1";
    return open(url, Optional.empty(), Optional.empty(), true);
  }

  /**
   * Any database that speaks the schema, in practice PostgreSQL.
   *
   * @param url {@code jdbc:postgresql://host/database}
   * @throws IOException it does not answer for half a minute, or its tables cannot be migrated
   */
  public static Database open(String url, Optional<String> user, Optional<String> password)
      throws IOException {
    return open(url, user, password, false);
  }

  private static Database open(
      String url, Optional<String> user, Optional<String> password, boolean embedded)
      throws IOException {
    HikariConfig config = new HikariConfig();
    config.setPoolName("hub-store");
    config.setJdbcUrl(url);
    user.ifPresent(config::setUsername);
    password.ifPresent(config::setPassword);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(5_000);
    config.setInitializationFailTimeout(START_MILLIS);
    if (url.startsWith(POSTGRESQL)) { // what the address says of these counts
      config.addDataSourceProperty("tcpKeepAlive", "true");
      // A machine that has vanished says nothing for ever.
      config.addDataSourceProperty("socketTimeout", LONGEST_SILENCE_SECONDS);
    }
    if (embedded) {
      // H2 calls a connection valid whose database a failed write has closed.
      config.setConnectionTestQuery("select 1");
      config.setExceptionOverride(new ClosedDatabase());
    }
    try {
      return migrated(config, embedded);
    } catch (RuntimeException e) { // of the pool, the driver or the migration
      throw new IOException(
          "store ["
              + url.replaceFirst("[?;].*", "")
              + "] cannot be opened ("
              + root(e)
              + "); check --store, user, password and that the server runs",
          e);
    }
  }

  private static String root(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }

  private static Database migrated(HikariConfig config, boolean embedded) {
    HikariDataSource pool = new HikariDataSource(config);
    try {
      // Not through the pool: what it is set to, and its limit of time, is not for migrations.
      Flyway.configure(Database.class.getClassLoader())
          .dataSource(
              config.getJdbcUrl() + (embedded ? FileCommits.AT_ONCE : ""),
              config.getUsername(),
              config.getPassword())
          .locations("classpath:db/migration")
          .load()
          .migrate();
      return new Database(pool, embedded);
    } catch (RuntimeException e) {
      close(pool, embedded);
      throw e;
    }
  }

  /** Statements on this handle may say nothing for an hour. The pool takes it back. */
  static void mayTakeLong(Handle handle) {
    try {
      handle.getConnection().setNetworkTimeout(Runnable::run, LONG_MILLIS);
    } catch (SQLException e) {
      throw new IllegalStateException("connection to the store takes no time limit", e);
    }
  }

  public Jdbi jdbi() {
    return jdbi;
  }

  /** What was committed outlives a power cut when this returns; a server sees to it itself. */
  public void sync() {
    if (embedded) {
      jdbi.useHandle(h -> h.execute("checkpoint sync"));
    }
  }

  /** True where a connection can be had and answers. */
  public boolean answers() {
    return jdbi.withHandle(h -> h.createQuery("select 1").mapTo(Integer.class).one()) == 1;
  }

  @Override
  public void close() {
    close(pool, embedded);
  }

  private static void close(HikariDataSource pool, boolean embedded) {
    pool.close();
    if (embedded) {
      shutDown(pool.getJdbcUrl());
    }
  }

  /** Without it the database stays open as long as the process lives, whoever is connected. */
  private static void shutDown(String url) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("shutdown");
    } catch (SQLException e) {
      log.warn("The store is not closed as it should be; what was stored is in it", e);
    }
  }

  /** Instants go in as UTC, whatever the machine's time zone and its summer time. */
  private static final class UtcInstants extends AbstractArgumentFactory<Instant> {

    UtcInstants() {
      super(Types.TIMESTAMP_WITH_TIMEZONE);
    }

    @Override
    protected Argument build(Instant value, ConfigRegistry config) {
      return (position, statement, context) ->
          statement.setObject(position, value.atOffset(ZoneOffset.UTC));
    }
  }
}
