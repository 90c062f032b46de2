package io.selvedge.hub.store;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.Artifact.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Artifacts with their lineage. Once registered, a version never changes. Thread-safe. */
public final class Registry {

  private final Jdbi jdbi;

  public Registry(Database database) {
    this.jdbi = database.jdbi();
  }

  /** Registers a version; its files must be in the content store. */
  public void register(Registered registered) {
    jdbi.useTransaction(h -> insert(h, registered));
  }

  static void insert(Handle h, Registered registered) {
    Artifact artifact = registered.artifact();
    h.createUpdate(
            "insert into artifacts (kind, name, version, created_at, training, lineage, metrics)"
                + " values (:kind, :name, :version, :created, :training, :lineage, :metrics)")
        .bind("kind", artifact.kind().name())
        .bind("name", artifact.name())
        .bind("version", artifact.version())
        .bind("created", registered.created())
        .bind("training", registered.training())
        .bind("lineage", registered.lineage())
        .bind("metrics", registered.metrics())
        .execute();
    for (Artifact.File file : artifact.files()) {
      h.createUpdate(
              "insert into artifact_files (kind, name, version, path, sha256, size)"
                  + " values (:kind, :name, :version, :path, :sha256, :size)")
          .bind("kind", artifact.kind().name())
          .bind("name", artifact.name())
          .bind("version", artifact.version())
          .bind("path", file.path())
          .bind("sha256", file.sha256())
          .bind("size", file.size())
          .execute();
    }
  }

  public Optional<Registered> find(Kind kind, String name, String version) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "select * from artifacts"
                        + " where kind = :kind and name = :name and version = :version")
                .bind("kind", kind.name())
                .bind("name", name)
                .bind("version", version)
                .map((row, context) -> registered(h, row))
                .findOne());
  }

  /** The one registered last. */
  public Optional<Registered> newest(Kind kind, String name) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "select * from artifacts where kind = :kind and name = :name"
                        + " order by created_at desc, version desc limit 1")
                .bind("kind", kind.name())
                .bind("name", name)
                .map((row, context) -> registered(h, row))
                .findOne());
  }

  /** By name, the newest of a name first; at most so many. */
  public List<Registered> list(Kind kind, Optional<String> name, int most) {
    Filter filter = new Filter().equal("kind", Optional.of(kind.name())).equal("name", name);
    return jdbi.withHandle(
        h ->
            filter
                .bind(
                    h.createQuery(
                        "select * from artifacts "
                            + filter.sql()
                            + " order by name, created_at desc, version desc limit :most"))
                .bind("most", most)
                .map((row, context) -> registered(h, row))
                .list());
  }

  private static Registered registered(Handle h, ResultSet row) throws SQLException {
    Kind kind = Kind.valueOf(row.getString("kind"));
    String name = row.getString("name");
    String version = row.getString("version");
    long training = row.getLong("training");
    return new Registered(
        new Artifact(kind, name, version, files(h, kind, name, version)),
        Rows.time(row, "created_at"),
        training == 0 ? Optional.empty() : Optional.of(training),
        row.getString("lineage"),
        row.getString("metrics"));
  }

  private static List<Artifact.File> files(Handle h, Kind kind, String name, String version) {
    return h.createQuery(
            "select * from artifact_files where kind = :kind and name = :name"
                + " and version = :version order by path")
        .bind("kind", kind.name())
        .bind("name", name)
        .bind("version", version)
        .map(
            (row, context) ->
                new Artifact.File(
                    row.getString("path"), row.getString("sha256"), row.getLong("size")))
        .list();
  }
}
