package io.selvedge.bench.outbox;

import java.io.ByteArrayInputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.Calendar;
import java.util.Optional;
import java.util.TimeZone;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * What Eclipse Kura 5 does to its message store for one message, rebuilt on the H2 at hand after
 * its source (DataServiceImpl, H2DbMessageStoreImpl, H2DbServiceImpl, fetched in 2026): the same
 * table, indices, order of statements, connection pool and hand-over to a pool of ten threads; not
 * its code.
 */
final class KuraStore implements AutoCloseable {

  /** Kura's store.capacity. */
  static final int CAPACITY = 10_000;

  private static final int SMALL = 200;
  private static final int POOL = 10;
  private static final int PRIORITY = 5;

  private final JdbcConnectionPool connections;
  private final ExecutorService pool = Executors.newFixedThreadPool(POOL);
  private final ReadWriteLock defragmentation = new ReentrantReadWriteLock(true);
  private final Calendar utc = Calendar.getInstance(TimeZone.getTimeZone("UTC"));
  private final int capacity;
  private final boolean syncEach;

  /**
   * Opens an empty store.
   *
   * @param url jdbc:h2:mem:kuradb is Kura's default
   * @param capacity the most messages it holds
   * @param syncEach whether each message is on disk before it is accepted; Kura asks for that every
   *     15 minutes
   */
  KuraStore(String url, int capacity, boolean syncEach) throws SQLException {
    this.capacity = capacity;
    this.syncEach = syncEach;
    connections = JdbcConnectionPool.create(url, "SA", "");
    connections.setMaxConnections(POOL);
    run(
        "CREATE TABLE IF NOT EXISTS \"data\" (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            + " topic VARCHAR(32767 CHARACTERS), qos INTEGER, retain BOOLEAN, createdOn TIMESTAMP,"
            + " publishedOn TIMESTAMP, publishedMessageId INTEGER, confirmedOn TIMESTAMP,"
            + " smallPayload VARBINARY, largePayload BLOB(16777216), priority INTEGER,"
            + " sessionId VARCHAR(32767 CHARACTERS), droppedOn TIMESTAMP)");
    run(
        "CREATE INDEX IF NOT EXISTS \"data_nextMsg\" ON \"data\""
            + " (publishedOn ASC, priority ASC, createdOn ASC, qos)");
    run("CREATE INDEX IF NOT EXISTS \"data_PUBLISHEDON\" ON \"data\" (publishedOn DESC)");
    run("CREATE INDEX IF NOT EXISTS \"data_CONFIRMEDON\" ON \"data\" (confirmedOn DESC)");
    run("CREATE INDEX IF NOT EXISTS \"data_DROPPEDON\" ON \"data\" (droppedOn DESC)");
  }

  private interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /** Accepts a message: counts what is there, then one INSERT and its commit. */
  synchronized int store(String topic, byte[] payload) throws SQLException {
    int count = number("SELECT COUNT(*) FROM \"data\"");
    if (count >= capacity) {
      throw new SQLException("store holds [" + count + "] messages, which is its capacity");
    }
    int id = with(connection -> insert(connection, topic, payload));
    if (syncEach) {
      run("CHECKPOINT SYNC");
    }
    return id;
  }

  private int insert(Connection connection, String topic, byte[] payload) throws SQLException {
    String sql =
        "INSERT INTO \"data\" (topic, qos, retain, createdOn, publishedOn, publishedMessageId,"
            + " confirmedOn, smallPayload, largePayload, priority, sessionId, droppedOn)"
            + " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql, new String[] {"id"})) {
      insert.setString(1, topic);
      insert.setInt(2, 1);
      insert.setBoolean(3, false);
      insert.setTimestamp(4, now(), utc);
      insert.setNull(5, Types.TIMESTAMP);
      insert.setInt(6, -1);
      insert.setNull(7, Types.TIMESTAMP);
      if (payload.length < SMALL) {
        insert.setBytes(8, payload);
        insert.setNull(9, Types.BLOB);
      } else {
        insert.setNull(8, Types.VARBINARY);
        insert.setBinaryStream(9, new ByteArrayInputStream(payload), payload.length);
      }
      insert.setInt(10, PRIORITY);
      insert.setNull(11, Types.VARCHAR);
      insert.setNull(12, Types.TIMESTAMP);
      insert.execute();
      try (ResultSet keys = insert.getGeneratedKeys()) {
        keys.next();
        int id = keys.getInt(1);
        connection.commit();
        return id;
      }
    }
  }

  /**
   * Takes the next message, marks it as published and as confirmed, and reads it once more for
   * those who are told.
   *
   * @return false where there is none
   */
  boolean publishNext() throws SQLException {
    Optional<Integer> next = with(KuraStore::next);
    if (next.isEmpty()) {
      return false;
    }
    int id = next.get();
    with(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE \"data\" SET publishedOn = ?, publishedMessageId = ?, sessionId = ?"
                      + " WHERE id = ?")) {
            update.setTimestamp(1, now(), utc);
            update.setInt(2, id % 0xffff + 1);
            update.setString(3, "session");
            update.setInt(4, id);
            return update.execute();
          }
        });
    with(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement("UPDATE \"data\" SET confirmedOn = ? WHERE id = ?")) {
            update.setTimestamp(1, now(), utc);
            update.setInt(2, id);
            return update.execute();
          }
        });
    with(connection -> read(connection, id));
    return true;
  }

  private static Optional<Integer> next(Connection connection) throws SQLException {
    String sql =
        "SELECT a.* FROM \"data\" AS a JOIN (SELECT id, publishedOn FROM \"data\" ORDER BY"
            + " publishedOn ASC NULLS FIRST, priority ASC, createdOn ASC LIMIT 1) AS b"
            + " WHERE a.id = b.id AND b.publishedOn IS NULL";
    try (PreparedStatement select = connection.prepareStatement(sql);
        ResultSet rows = select.executeQuery()) {
      return rows.next() ? Optional.of(rows.getInt("id")) : Optional.empty();
    }
  }

  private static String read(Connection connection, int id) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT * FROM \"data\" WHERE id = ?")) {
      select.setInt(1, id);
      try (ResultSet rows = select.executeQuery()) {
        rows.next();
        return rows.getString("topic");
      }
    }
  }

  private int number(String sql) throws SQLException {
    return with(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(sql);
              ResultSet rows = select.executeQuery()) {
            rows.next();
            return rows.getInt(1);
          }
        });
  }

  private void run(String sql) throws SQLException {
    with(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
          }
        });
  }

  /** On a thread of the pool, with a connection of its own, as long as nothing defragments. */
  private <T> T with(Work<T> work) throws SQLException {
    try {
      return pool.submit(
              () -> {
                defragmentation.readLock().lock();
                try (Connection connection = connections.getConnection()) {
                  return work.run(connection);
                } finally {
                  defragmentation.readLock().unlock();
                }
              })
          .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException(e);
    } catch (ExecutionException e) {
      throw new SQLException(e.getCause());
    }
  }

  private static Timestamp now() {
    return new Timestamp(System.currentTimeMillis());
  }

  @Override
  public void close() throws SQLException {
    run("SHUTDOWN");
    pool.shutdownNow();
    connections.dispose();
  }
}
