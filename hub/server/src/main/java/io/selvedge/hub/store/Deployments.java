package io.selvedge.hub.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What each gateway shall run: every revision is kept, the newest counts. Thread-safe. */
public final class Deployments {

  private final Database database;
  private final Jdbi jdbi;

  public Deployments(Database database) {
    this.database = database;
    this.jdbi = database.jdbi();
  }

  public Optional<Deployment> newest(String gateway) {
    return jdbi.withHandle(h -> newest(h, gateway));
  }

  /**
   * Issues the next revision, alone for that gateway: its row is locked meanwhile.
   *
   * @param next makes it of the newest there is; its revision must be one above
   */
  public Deployment issue(String gateway, Function<Optional<Deployment>, Deployment> next) {
    Deployment issued = insert(gateway, next);
    database.sync(); // a revision that a gateway may have seen must never be given again
    return issued;
  }

  private Deployment insert(String gateway, Function<Optional<Deployment>, Deployment> next) {
    return jdbi.inTransaction(
        h -> {
          h.createQuery("select id from gateways where id = :id for update")
              .bind("id", gateway)
              .mapTo(String.class)
              .findOne();
          Deployment deployment = next.apply(newest(h, gateway));
          h.createUpdate(
                  "insert into deployments (gateway, revision, issued_at, expires_at, document,"
                      + " envelope, delivery) values (:gateway, :revision, :issued, :expires,"
                      + " :document, :envelope, :delivery)")
              .bind("gateway", gateway)
              .bind("revision", deployment.revision())
              .bind("issued", deployment.issued())
              .bind("expires", deployment.expires())
              .bind("document", deployment.document())
              .bind("envelope", deployment.envelope())
              .bind("delivery", deployment.delivery().name())
              .execute();
          return deployment;
        });
  }

  /** Remembers what the gateway made of it. */
  public void delivered(
      String gateway, long revision, Deployment.Delivery delivery, String message) {
    jdbi.useHandle(
        h ->
            h.createUpdate(
                    "update deployments set delivery = :delivery, delivery_message = :message"
                        + " where gateway = :gateway and revision = :revision")
                .bind("delivery", delivery.name())
                .bind("message", message)
                .bind("gateway", gateway)
                .bind("revision", revision)
                .execute());
  }

  private static Optional<Deployment> newest(Handle h, String gateway) {
    return h.createQuery(
            "select * from deployments where gateway = :gateway order by revision desc limit 1")
        .bind("gateway", gateway)
        .map((row, context) -> deployment(row))
        .findOne();
  }

  private static Deployment deployment(ResultSet row) throws SQLException {
    return new Deployment(
        row.getString("gateway"),
        row.getLong("revision"),
        Rows.time(row, "issued_at"),
        Rows.time(row, "expires_at"),
        row.getString("document"),
        row.getString("envelope"),
        Deployment.Delivery.valueOf(row.getString("delivery")),
        row.getString("delivery_message"));
  }
}
