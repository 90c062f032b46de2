package io.selvedge.hub.store;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Deletes what is older than it shall be kept, by its arrival here, in small batches between which
 * messages are stored. Several hubs may do so on one database. Not thread-safe.
 */
public final class Retention {

  /** What may be kept for a time of its own. */
  public enum Kind {
    MEASUREMENTS("measurements"),
    DECISIONS("decisions"),
    EVENTS("events"),
    MESSAGES("other_messages"),
    DEAD_LETTERS("dead_letters");

    private final String table;

    Kind(String table) {
      this.table = table;
    }

    /** As it is written in options: {@code dead-letters}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final int BATCH = 1000;
  // A message is committed some time after it has arrived.
  private static final long OVERLAP_SECONDS = 3600;

  private final Jdbi jdbi;
  private final Map<Kind, Instant> examined = new EnumMap<>(Kind.class);

  public Retention(Database database) {
    this.jdbi = database.jdbi();
  }

  /**
   * Deletes what arrived before a time.
   *
   * @param goOn asked after each batch, which may wait a moment there; false: enough for now
   * @return how many messages were deleted
   */
  public long delete(Kind kind, Instant before, BooleanSupplier goOn) {
    Instant from = examined.getOrDefault(kind, Instant.EPOCH);
    long deleted = 0;
    int batch;
    do {
      batch = jdbi.inTransaction(h -> batch(h, kind, from, before));
      deleted += batch;
    } while (batch == BATCH && goOn.getAsBoolean());
    if (batch < BATCH) {
      examined.put(kind, before.minusSeconds(OVERLAP_SECONDS));
    }
    return deleted;
  }

  private static int batch(Handle h, Kind kind, Instant from, Instant before) {
    h.createQuery("select name from locks where name = 'retention' for update")
        .mapTo(String.class)
        .one();
    return kind == Kind.DEAD_LETTERS
        ? h.createUpdate(
                "delete from dead_letters where id in (select id from dead_letters"
                    + " where received_at < :before order by received_at limit :most)")
            .bind("before", before)
            .bind("most", BATCH)
            .execute()
        : messages(h, kind, from, before);
  }

  private static int messages(Handle h, Kind kind, Instant from, Instant before) {
    List<Long> ids =
        h.createQuery(
                "select id from messages where received_at >= :from and received_at < :before"
                    + " and exists (select 1 from "
                    + kind.table
                    + " t where t.message = messages.id) order by received_at limit :most")
            .bind("from", from)
            .bind("before", before)
            .bind("most", BATCH)
            .mapTo(Long.class)
            .list();
    if (!ids.isEmpty()) {
      for (String rows :
          List.of(
              kind.table + " where message",
              "message_digests where message",
              "messages where id")) {
        h.createUpdate("delete from " + rows + " in (<ids>)").bindList("ids", ids).execute();
      }
    }
    return ids.size();
  }
}
