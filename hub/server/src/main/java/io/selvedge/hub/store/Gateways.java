package io.selvedge.hub.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.selvedge.protocol.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** The fleet. Thread-safe. */
public final class Gateways {

  private final Database database;
  private final Jdbi jdbi;

  public Gateways(Database database) {
    this.database = database;
    this.jdbi = database.jdbi();
  }

  /**
   * Enrols a gateway, or gives an enrolled one a new password.
   *
   * @return true where it was enrolled before
   */
  public boolean enrol(String id, String passwordHash, Instant now) {
    boolean before = enrolled(id, passwordHash, now);
    database.sync();
    return before;
  }

  private boolean enrolled(String id, String passwordHash, Instant now) {
    return jdbi.inTransaction(
        h -> {
          boolean before =
              h.createQuery(
                          "select count(*) from gateways where id = :id and password_hash is not null")
                      .bind("id", id)
                      .mapTo(Integer.class)
                      .one()
                  > 0;
          h.createUpdate(
                  "insert into gateways (id, state, state_since) values (:id, :state, :now)"
                      + " on conflict do nothing")
              .bind("id", id)
              .bind("state", Gateway.State.NEW.name())
              .bind("now", now)
              .execute();
          h.createUpdate(
                  "update gateways set password_hash = :hash, enrolled_at = :now where id = :id")
              .bind("hash", passwordHash)
              .bind("now", now)
              .bind("id", id)
              .execute();
          return before;
        });
  }

  /** Puts a gateway into these groups and no others. False where it is not known. */
  public boolean group(String id, Set<String> groups) {
    return jdbi.withHandle(
        h ->
            h.createUpdate("update gateways set member_of = :groups, grouped = true where id = :id")
                    .bind("groups", Groups.text(groups))
                    .bind("id", id)
                    .execute()
                > 0);
  }

  /** Whether anybody has ever told what groups it is of, be it none. */
  public boolean isGrouped(String id) {
    return jdbi.withHandle(
        h ->
            h.createQuery("select grouped from gateways where id = :id")
                .bind("id", id)
                .mapTo(Boolean.class)
                .findOne()
                .orElse(false));
  }

  /** Ids of those that are of a group. */
  public List<String> members(String group) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "select id from gateways where member_of like :group escape '!' order by id")
                .bind("group", Groups.like(group))
                .mapTo(String.class)
                .list());
  }

  /** The hash of its password; empty where it is unknown or was never enrolled. */
  public Optional<String> passwordHash(String id) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "select password_hash from gateways"
                        + " where id = :id and password_hash is not null")
                .bind("id", id)
                .mapTo(String.class)
                .findOne());
  }

  /** Takes the password away. True where it had one. */
  public boolean revoke(String id) {
    return jdbi.withHandle(
        h ->
            h.createUpdate(
                        "update gateways set password_hash = null, enrolled_at = null"
                            + " where id = :id and password_hash is not null")
                    .bind("id", id)
                    .execute()
                > 0);
  }

  public Optional<Gateway> find(String id) {
    return jdbi.withHandle(
        h ->
            h.createQuery("select * from gateways where id = :id")
                .bind("id", id)
                .map((row, context) -> gateway(row))
                .findOne());
  }

  /** By id; those after the given one, at most so many. */
  public List<Gateway> list(String after, int most) {
    return jdbi.withHandle(
        h ->
            h.createQuery("select * from gateways where id > :after order by id limit :most")
                .bind("after", after)
                .bind("most", most)
                .map((row, context) -> gateway(row))
                .list());
  }

  /** By application. */
  public List<Counts> counts(String id) {
    return jdbi.withHandle(
        h ->
            h.createQuery("select * from gateway_counts where gateway = :id order by app")
                .bind("id", id)
                .map(
                    (row, context) ->
                        new Counts(
                            row.getString("app"),
                            row.getLong("stored"),
                            row.getLong("duplicates"),
                            row.getLong("refused")))
                .list());
  }

  /** The embedded broker has been started anew: nobody is connected to it. */
  public void allOffline(Instant now) {
    jdbi.useHandle(
        h ->
            h.createUpdate(
                    "update gateways set state = :offline, state_since = :now,"
                        + " ended_connection = connection_time where state = :online")
                .bind("offline", Gateway.State.OFFLINE.name())
                .bind("online", Gateway.State.ONLINE.name())
                .bind("now", now)
                .execute());
  }

  private static Gateway gateway(ResultSet row) throws SQLException {
    return new Gateway(
        row.getString("id"),
        Rows.optionalTime(row, "enrolled_at"),
        Groups.read(row.getString("member_of")),
        Gateway.State.valueOf(row.getString("state")),
        Rows.time(row, "state_since"),
        Rows.optionalTime(row, "last_seen"),
        Rows.optionalTime(row, "born_at"),
        Rows.optionalText(row, "birth").map(Gateways::metrics).orElse(Map.of()),
        Rows.optionalText(row, "reported"),
        Rows.optionalTime(row, "reported_at"));
  }

  private static Map<String, String> metrics(String json) {
    try {
      return Json.mapper().readValue(json, new TypeReference<Map<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored birth is not readable as JSON", e);
    }
  }
}
