package io.selvedge.hub.store;

import org.jdbi.v3.core.Jdbi;

/** Which hub answers a request that came to all of them: the first to enter it. Thread-safe. */
public final class Claims {

  private static final int KEPT_MINUTES = 10;

  private final Jdbi jdbi;

  public Claims(Database database) {
    this.jdbi = database.jdbi();
  }

  /** True for exactly one who asks. */
  public boolean claim(String requester, String request) {
    return jdbi.withHandle(
        h ->
            h.createUpdate(
                        "insert into claims (requester, request, claimed_at)"
                            + " values (?, ?, current_timestamp) on conflict do nothing")
                    .bind(0, requester)
                    .bind(1, request)
                    .execute()
                > 0);
  }

  /** Forgets those that nobody will ask for any more. */
  public void forgetOld() {
    jdbi.useHandle(
        h ->
            h.execute(
                "delete from claims where claimed_at < current_timestamp - interval '"
                    + KEPT_MINUTES
                    + "' minute"));
  }
}
