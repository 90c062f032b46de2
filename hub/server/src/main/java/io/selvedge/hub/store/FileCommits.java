package io.selvedge.hub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Locale;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.TransactionException;
import org.jdbi.v3.core.transaction.TransactionHandler;

/**
 * Makes a commit of H2 return when it is in the file, where it outlives the end of the process. H2
 * does so by itself only with {@code WRITE_DELAY=0}, which also switches off the thread that
 * reclaims the room of what was overwritten or deleted; with a delay that thread writes, too, and
 * what it has taken on is not yet in the file when it counts as saved.
 */
final class FileCommits implements StatementCustomizer {

  /** At the end of an address: H2's own way, for migrations, which do not come through Jdbi. */
  static final String AT_ONCE = ";WRITE_DELAY=0";

  private FileCommits() {}

  static void of(Jdbi jdbi) {
    // Not in the address: H2 keeps the value in the file, and other addresses have had others.
    jdbi.useHandle(h -> h.execute("set write_delay 500"));
    jdbi.getConfig(SqlStatements.class).addCustomizer(new FileCommits());
    jdbi.setTransactionHandler(new Transactions(jdbi.getTransactionHandler()));
  }

  /** A statement that is a transaction by itself. */
  @Override
  public void afterExecution(PreparedStatement statement, StatementContext context)
      throws SQLException {
    Connection connection = statement.getConnection();
    if (connection.getAutoCommit() && mayChange(context.getRenderedSql())) {
      write(connection);
    }
  }

  private static boolean mayChange(String sql) {
    String text = sql.stripLeading().toLowerCase(Locale.ROOT);
    return !text.startsWith("select") && !text.startsWith("checkpoint");
  }

  /** What was committed is in the file when this returns. */
  static void write(Connection connection) throws SQLException {
    MVStore store = store(connection);
    try {
      store.commit();
      long version = store.getCurrentVersion();
      do { // waits for H2's threads; once more where it was interrupted
        store.executeFilestoreOperation(() -> {});
      } while (store.getFileStore().lastChunkVersion() < version);
    } catch (MVStoreException e) {
      throw new SQLException("store does not write: " + e.getMessage(), e);
    }
  }

  static MVStore store(Connection connection) throws SQLException {
    SessionLocal session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
    return session.getDatabase().getStore().getMvStore();
  }

  private static final class Transactions extends DelegatingTransactionHandler {

    Transactions(TransactionHandler handler) {
      super(handler);
    }

    @Override
    public void commit(Handle handle) {
      super.commit(handle);
      try {
        write(handle.getConnection());
      } catch (SQLException e) {
        throw new TransactionException("commit is not in the file", e);
      }
    }

    @Override
    public TransactionHandler specialize(Handle handle) throws SQLException {
      return new Transactions(getDelegate().specialize(handle));
    }
  }
}
