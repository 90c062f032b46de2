package io.selvedge.hub.store;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
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
    DEAD_LETTERS("dead_letters"),
    /** Transitions of rollouts that have ended. */
    ROLLOUT_EVENTS("rollout_events"),
    /** What gateways said of deployments that a later one has taken the place of. */
    DEPLOYMENT_REPORTS("deployment_reports");

    private final String table;

    Kind(String table) {
      this.table = table;
    }

    /** Days that it is kept where nothing is said; for ever where empty. */
    public OptionalInt usualDays() {
      return this == ROLLOUT_EVENTS || this == DEPLOYMENT_REPORTS
          ? OptionalInt.of(USUAL_DAYS)
          : OptionalInt.empty();
    }

    /** As it is written in options: {@code dead-letters}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final int BATCH = 1000;
  private static final int USUAL_DAYS = 365;
  private static final int MOST_EVENTS = 100_000;
  private static final int MOST_REPORTS = 100;
  // A message is committed some time after it has arrived.
  private static final long OVERLAP_SECONDS = 3600;

  private final Jdbi jdbi;
  private final int mostEvents;
  private final int mostReports;
  private final Map<Kind, Instant> examined = new EnumMap<>(Kind.class);

  public Retention(Database database) {
    this(database, MOST_EVENTS, MOST_REPORTS);
  }

  /**
   * The same with other limits by number.
   *
   * @param mostEvents transitions of one rollout
   * @param mostReports reports of one gateway
   */
  public Retention(Database database, int mostEvents, int mostReports) {
    this.jdbi = database.jdbi();
    this.mostEvents = mostEvents;
    this.mostReports = mostReports;
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

  private int batch(Handle h, Kind kind, Instant from, Instant before) {
    Database.mayTakeLong(h); // it may have to look at all that is kept
    h.createQuery("select name from locks where name = 'retention' for update")
        .mapTo(String.class)
        .one();
    return switch (kind) {
      case DEAD_LETTERS ->
          h.createUpdate(
                  "delete from dead_letters where id in (select id from dead_letters"
                      + " where received_at < :before order by received_at limit :most)")
              .bind("before", before)
              .bind("most", BATCH)
              .execute();
      case ROLLOUT_EVENTS -> transitions(h, before);
      case DEPLOYMENT_REPORTS -> reports(h, before);
      default -> messages(h, kind, from, before);
    };
  }

  /** Old ones of rollouts that have ended; of any rollout those beyond the number. */
  private int transitions(Handle h, Instant before) {
    int deleted =
        h.createUpdate(
                "delete from rollout_events where id in (select e.id from rollout_events e"
                    + " join rollouts r on r.id = e.rollout where e.at < :before"
                    + " and r.state in ('FINISHED', 'STOPPED') order by e.at limit :most)")
            .bind("before", before)
            .bind("most", BATCH)
            .execute();
    List<Long> crowded =
        h.createQuery(
                "select rollout from rollout_events group by rollout having count(*) > :events")
            .bind("events", mostEvents)
            .mapTo(Long.class)
            .list();
    for (long rollout : crowded) {
      if (deleted < BATCH) {
        deleted +=
            h.createUpdate(
                    "delete from rollout_events where id in (select id from rollout_events"
                        + " where rollout = :rollout and id <= (select id from rollout_events"
                        + " where rollout = :rollout order by id desc limit 1 offset :events)"
                        + " order by id limit :most)")
                .bind("rollout", rollout)
                .bind("events", mostEvents)
                .bind("most", BATCH - deleted)
                .execute();
      }
    }
    return deleted;
  }

  /**
   * Old ones, or those beyond the number, only where the gateway has kept a later deployment: what
   * comes after that decides what its next one is made of.
   */
  private int reports(Handle h, Instant before) {
    return h.createUpdate(
            "delete from deployment_reports where (gateway, revision) in"
                + " (select r.gateway, r.revision from deployment_reports r"
                + " where exists (select 1 from deployment_reports n where n.gateway = r.gateway"
                + " and n.revision > r.revision and n.state = 'ACTIVE'"
                + " and n.live_revision = n.revision)"
                + " and (r.reported_at < :before or (select count(*) from deployment_reports n"
                + " where n.gateway = r.gateway and n.revision > r.revision) >= :reports)"
                + " limit :most)")
        .bind("before", before)
        .bind("reports", mostReports)
        .bind("most", BATCH)
        .execute();
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
