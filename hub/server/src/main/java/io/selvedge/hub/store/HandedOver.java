package io.selvedge.hub.store;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.DeploymentException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * A group's document that a gateway runs and did not get from this hub: somebody has handed it over
 * in another way. It is listed as that gateway's as soon as it reports it, as if it had been sent
 * there, so that the next deployment is made of what really runs.
 */
final class HandedOver {

  private static final String MESSAGE = "handed over in another way than by the hub";

  private HandedOver() {}

  /** What may be in a list: its signed bytes and what goes with them. */
  private record Document(String text, String envelope, Instant issued, Instant expires) {

    boolean names(Set<Artifact> artifacts) {
      try {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Set.copyOf(DeploymentDocument.parse(bytes).artifacts()).equals(artifacts);
      } catch (DeploymentException e) {
        throw new IllegalStateException("stored deployment is not readable", e);
      }
    }
  }

  /**
   * Lists what is live on a gateway, where it is not and was issued for others.
   *
   * @param live its revision
   * @param artifacts what the gateway says that it runs
   */
  static void list(Handle h, String gateway, long live, List<Artifact> artifacts) {
    if (live < 1 || isListed(h, gateway, live)) {
      return;
    }
    Set<Artifact> wanted = Set.copyOf(artifacts);
    Optional<Document> document =
        h
            .createQuery(
                "select distinct document, envelope, issued_at, expires_at from deployments"
                    + " where revision = :live and for_group")
            .bind("live", live)
            .map(
                (row, context) ->
                    new Document(
                        row.getString("document"),
                        row.getString("envelope"),
                        Rows.time(row, "issued_at"),
                        Rows.time(row, "expires_at")))
            .stream()
            .filter(one -> one.names(wanted))
            .findFirst();
    document.ifPresent(one -> insert(h, gateway, live, one));
  }

  private static boolean isListed(Handle h, String gateway, long revision) {
    return h.createQuery(
                "select count(*) from deployments where gateway = :gateway"
                    + " and revision = :revision")
            .bind("gateway", gateway)
            .bind("revision", revision)
            .mapTo(Integer.class)
            .one()
        > 0;
  }

  private static void insert(Handle h, String gateway, long revision, Document document) {
    h.createUpdate(
            "insert into deployments (gateway, revision, issued_at, expires_at, document,"
                + " envelope, delivery, delivery_message, for_group) values (:gateway, :revision,"
                + " :issued, :expires, :document, :envelope, 'TAKEN', :message, true)"
                + " on conflict do nothing")
        .bind("gateway", gateway)
        .bind("revision", revision)
        .bind("issued", document.issued())
        .bind("expires", document.expires())
        .bind("document", document.text())
        .bind("envelope", document.envelope())
        .bind("message", MESSAGE)
        .execute();
  }
}
