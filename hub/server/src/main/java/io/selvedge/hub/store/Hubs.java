package io.selvedge.hub.store;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The hub processes that share the database, by their names, and when each was seen last. All times
 * are the database's own. Thread-safe.
 */
public final class Hubs {

  /** Unseen for so long, a hub counts as gone: seconds. */
  public static final int GONE_SECONDS = 15;

  private static final String LIVE =
      "seen_at >= current_timestamp - interval '" + GONE_SECONDS + "' second";
  private static final String GONE = "not (" + LIVE + ")";

  private final Jdbi jdbi;

  public Hubs(Database database) {
    this.jdbi = database.jdbi();
  }

  /**
   * Enters a hub; what another one took over of it is its own again.
   *
   * @param process tells two processes of one name apart
   * @param keyId of the key that it signs deployments with
   * @param former ids of the keys that led to it
   * @return why it may not run; empty: it is entered
   */
  public Optional<String> register(
      String name, String process, String keyId, Collection<String> former) {
    return jdbi.inTransaction(
        h -> {
          h.createQuery("select name from locks where name = 'hubs' for update")
              .mapTo(String.class)
              .one();
          if (another(h, "name = ? and process <> ?", name, process)) {
            return Optional.of(
                "hub name ["
                    + name
                    + "] is in use by another process; stop it, or give another one with --name");
          }
          if (another(h, "name <> ? and key_id <> ?", name, keyId)) {
            return Optional.of(
                "signing key ["
                    + keyId
                    + "] is not that of the other hubs on this store, so gateways would refuse its"
                    + " deployments; copy auth and keys of their data directory into this one's");
          }
          Optional<String> newer = newerKey(h, keyId, former);
          if (newer.isPresent()) {
            return newer;
          }
          h.createUpdate(
                  "insert into hubs (name, process, key_id, seen_at)"
                      + " values (:name, :process, :key, current_timestamp) on conflict do nothing")
              .bind("name", name)
              .bind("process", process)
              .bind("key", keyId)
              .execute();
          h.createUpdate(
                  "update hubs set process = :process, key_id = :key, keeper = null,"
                      + " seen_at = current_timestamp where name = :name")
              .bind("name", name)
              .bind("process", process)
              .bind("key", keyId)
              .execute();
          replaced(h, name, keyId, former);
          return Optional.empty();
        });
  }

  /**
   * A hub that does not run now signed with a key that this one does not know: this one's was
   * replaced, and gateways take nothing more of it.
   */
  private static Optional<String> newerKey(Handle h, String keyId, Collection<String> former) {
    Set<String> known = new HashSet<>(former);
    known.add(keyId);
    return h.createQuery(
            "select name, key_id from hubs where "
                + GONE
                + " and key_id not in (<known>)"
                + " order by name limit 1")
        .bindList("known", known)
        .map(
            (row, context) ->
                "signing key ["
                    + keyId
                    + "] is not the one that hub ["
                    + row.getString("name")
                    + "] on this store is to sign with, ["
                    + row.getString("key_id")
                    + "]: it was replaced, or is another one. Copy auth and keys of the data"
                    + " directory that has that one into this one's; or, where that key is lost,"
                    + " delete from hubs where key_id = '"
                    + row.getString("key_id")
                    + "'")
        .findOne();
  }

  /**
   * The key was replaced: hubs that stand still and have a former one do not start with it.
   *
   * @param name of the hub that has the new one
   */
  public void replaced(String name, String keyId, Collection<String> former) {
    jdbi.useHandle(h -> replaced(h, name, keyId, former));
  }

  private static void replaced(Handle h, String name, String keyId, Collection<String> former) {
    if (!former.isEmpty()) {
      h.createUpdate(
              "update hubs set key_id = :key where (name = :name or "
                  + GONE
                  + ") and key_id in (<former>)")
          .bind("key", keyId)
          .bind("name", name)
          .bindList("former", List.copyOf(former))
          .execute();
    }
  }

  /** Those that run on the store now. */
  public List<String> live() {
    return jdbi.withHandle(
        h ->
            h.createQuery("select name from hubs where " + LIVE + " order by name")
                .mapTo(String.class)
                .list());
  }

  private static boolean another(Handle h, String condition, String one, String other) {
    return h.createQuery("select count(*) from hubs where " + condition + " and " + LIVE)
            .bind(0, one)
            .bind(1, other)
            .mapTo(Integer.class)
            .one()
        > 0;
  }

  /** It is still there. False where another process has taken its name. */
  public boolean seen(String name, String process) {
    return jdbi.withHandle(
        h ->
            h.createUpdate(
                        "update hubs set seen_at = current_timestamp, keeper = null"
                            + " where name = ? and process = ?")
                    .bind(0, name)
                    .bind(1, process)
                    .execute()
                > 0);
  }

  /** It goes by itself and will not be missed until it is unseen for the usual time. */
  public List<String> gone() {
    return jdbi.withHandle(
        h ->
            h.createQuery("select name from hubs where " + GONE + " order by name")
                .mapTo(String.class)
                .list());
  }

  /** Takes over what a hub that is gone has left. False where it is back, or another one did. */
  public boolean keep(String gone, String keeper) {
    return jdbi.withHandle(
        h ->
            h.createUpdate(
                        "update hubs set keeper = :keeper where name = :gone and "
                            + GONE
                            + " and (keeper is null or keeper = :keeper or keeper not in"
                            + " (select name from hubs where "
                            + LIVE
                            + "))")
                    .bind("gone", gone)
                    .bind("keeper", keeper)
                    .execute()
                > 0);
  }
}
