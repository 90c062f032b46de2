package io.selvedge.hub.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What each gateway shall run: every revision is kept, the newest counts. Thread-safe. */
public final class Deployments {

  /** No hub gives so many: what a gateway reports above it is not believed. */
  private static final long MOST_REVISIONS = 1L << 50;

  private final Database database;
  private final Jdbi jdbi;

  public Deployments(Database database) {
    this.database = database;
    this.jdbi = database.jdbi();
  }

  public Optional<Deployment> newest(String gateway) {
    return jdbi.withHandle(h -> newest(h, gateway));
  }

  /** The same, within a transaction. */
  public Optional<Deployment> newest(Handle h, String gateway) {
    return h.createQuery(
            "select * from deployments where gateway = :gateway order by revision desc limit 1")
        .bind("gateway", gateway)
        .map((row, context) -> deployment(row))
        .findOne();
  }

  /** Whether the gateway has heard of none from that revision on, as far as the hub knows. */
  public boolean unheard(Handle h, String gateway, long revision) {
    return h.createQuery(
                "select count(*) from deployments where gateway = :gateway"
                    + " and revision >= :revision and delivery <> 'ISSUED'")
            .bind("gateway", gateway)
            .bind("revision", revision)
            .mapTo(Integer.class)
            .one()
        == 0;
  }

  /**
   * What the next revision of a gateway is made of.
   *
   * @param revision the newest that was given, or that the gateway has come by in another way; 0
   *     where there was none
   * @param deployment the newest that was not the failed attempt of a rollout, and not a group's
   *     that the gateway never took up
   * @param proved whether the gateway has said that it runs that one for good
   */
  public record Base(long revision, Optional<Deployment> deployment, boolean proved) {}

  /**
   * Issues the next revision, alone for that gateway: its row is locked meanwhile.
   *
   * @param next makes it; its revision must be one above the newest
   */
  public Deployment issue(String gateway, Function<Base, Deployment> next) {
    Deployment issued = jdbi.inTransaction(h -> issue(h, gateway, next));
    sync();
    return issued;
  }

  /** A revision that a gateway may have seen must never be given again. */
  public void sync() {
    database.sync();
  }

  /** The same within a transaction of the caller's, who must sync after its end. */
  public Deployment issue(Handle h, String gateway, Function<Base, Deployment> next) {
    lock(h, gateway);
    Deployment deployment = next.apply(base(h, gateway));
    insert(h, gateway, deployment, false);
    return deployment;
  }

  /**
   * Issues one revision for several gateways, alone for all of them.
   *
   * @param next makes it; its revision is above the newest of each
   * @return one for each gateway
   */
  public List<Deployment> issue(Collection<String> gateways, LongFunction<Deployment> next) {
    List<Deployment> issued =
        jdbi.inTransaction(
            h -> {
              Set<String> sorted = new TreeSet<>(gateways); // in one order, so that none deadlocks
              long newest = 0;
              for (String gateway : sorted) {
                lock(h, gateway);
                newest = Math.max(newest, revision(h, gateway));
              }
              Deployment one = next.apply(newest + 1);
              sorted.forEach(gateway -> insert(h, gateway, one, true));
              return sorted.stream().map(one::to).toList();
            });
    sync();
    return issued;
  }

  private static void lock(Handle h, String gateway) {
    h.createQuery("select id from gateways where id = :id for update")
        .bind("id", gateway)
        .mapTo(String.class)
        .findOne();
  }

  /**
   * The newest of a gateway: that was issued for it, or that it has reported, since a group's
   * document may reach it by another way than the hub.
   */
  private static long revision(Handle h, String gateway) {
    return h.createQuery(
            "select coalesce(max(revision), 0) from (select revision from deployments"
                + " where gateway = :gateway union all select revision from deployment_reports"
                + " where gateway = :gateway and revision < :most) known")
        .bind("gateway", gateway)
        .bind("most", MOST_REVISIONS)
        .mapTo(Long.class)
        .one();
  }

  private static void insert(Handle h, String gateway, Deployment deployment, boolean forGroup) {
    h.createUpdate(
            "insert into deployments (gateway, revision, issued_at, expires_at, document,"
                + " envelope, delivery, rollout, for_group) values (:gateway, :revision, :issued,"
                + " :expires, :document, :envelope, :delivery, :rollout, :group)")
        .bind("gateway", gateway)
        .bind("revision", deployment.revision())
        .bind("issued", deployment.issued())
        .bind("expires", deployment.expires())
        .bind("document", deployment.document())
        .bind("envelope", deployment.envelope())
        .bind("delivery", deployment.delivery().name())
        .bind("rollout", deployment.rollout())
        .bind("group", forGroup)
        .execute();
  }

  private Base base(Handle h, String gateway) {
    long revision = revision(h, gateway);
    Optional<Deployment> base =
        h.createQuery(
                "select d.* from deployments d left join deployment_reports r"
                    + " on r.gateway = d.gateway and r.revision = d.revision"
                    + " where d.gateway = :gateway and (d.rollout is null or not ("
                    + "(r.state is null and d.delivery = 'REFUSED') or (r.state is not null"
                    + " and r.state in ('REFUSED', 'REVERTED') and r.live_revision < r.revision)))"
                    + " and not (d.for_group and r.state is null"
                    + " and (d.stray or d.delivery = 'REFUSED'))"
                    // it left the group amid its work on the document
                    + " and not (d.for_group and r.state is not null and r.state = 'REFUSED'"
                    + " and r.code = :stray and r.live_revision < r.revision)"
                    + " order by d.revision desc limit 1")
            .bind("gateway", gateway)
            .bind("stray", StrayReport.CODE)
            .map((row, context) -> deployment(row))
            .findOne();
    boolean proved =
        base.filter(one -> DeploymentReport.isProved(h, gateway, one.revision())).isPresent();
    return new Base(revision, base, proved);
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

  private static Deployment deployment(ResultSet row) throws SQLException {
    return new Deployment(
        row.getString("gateway"),
        row.getLong("revision"),
        Rows.time(row, "issued_at"),
        Rows.time(row, "expires_at"),
        row.getString("document"),
        row.getString("envelope"),
        Deployment.Delivery.valueOf(row.getString("delivery")),
        row.getString("delivery_message"),
        Optional.ofNullable(row.getObject("rollout", Long.class)));
  }
}
