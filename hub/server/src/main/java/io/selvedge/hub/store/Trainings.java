package io.selvedge.hub.store;

import io.selvedge.hub.store.TrainingRun.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Training runs. Thread-safe. */
public final class Trainings {

  private final Jdbi jdbi;

  public Trainings(Database database) {
    this.jdbi = database.jdbi();
  }

  /** Its id. */
  public long queue(String model, String request, Instant now) {
    return jdbi.withHandle(
        h ->
            h.createUpdate(
                    "insert into trainings (state, model, request, created_at)"
                        + " values (:state, :model, :request, :now)")
                .bind("state", State.QUEUED.name())
                .bind("model", model)
                .bind("request", request)
                .bind("now", now)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Long.class)
                .one());
  }

  /**
   * The oldest that waits, now run by this hub; empty where none does. Of one model only one runs
   * at a time: each makes the version after the newest.
   */
  public Optional<TrainingRun> startNext(String hub, Instant now) {
    if (!anyQueued()) { // asked every few seconds: without a lock
      return Optional.empty();
    }
    return jdbi.inTransaction(
            h -> {
              h.createQuery("select name from locks where name = 'trainings' for update")
                  .mapTo(String.class)
                  .one();
              Optional<Long> id =
                  h.createQuery(
                          "select id from trainings where state = :queued and model not in"
                              + " (select model from trainings where state = :running)"
                              + " order by id limit 1")
                      .bind("queued", State.QUEUED.name())
                      .bind("running", State.RUNNING.name())
                      .mapTo(Long.class)
                      .findOne();
              id.ifPresent(
                  next ->
                      h.createUpdate(
                              "update trainings set state = :running, started_at = :now,"
                                  + " hub = :hub where id = :id")
                          .bind("running", State.RUNNING.name())
                          .bind("now", now)
                          .bind("hub", hub)
                          .bind("id", next)
                          .execute());
              return id;
            })
        .flatMap(this::find);
  }

  private boolean anyQueued() {
    return jdbi.withHandle(
            h ->
                h.createQuery("select count(*) from trainings where state = :queued")
                    .bind("queued", State.QUEUED.name())
                    .mapTo(Integer.class)
                    .one())
        > 0;
  }

  public void progress(long id, double progress, String text) {
    jdbi.useHandle(
        h ->
            h.createUpdate(
                    "update trainings set progress = :progress, progress_text = :text"
                        + " where id = :id")
                .bind("progress", progress)
                .bind("text", text)
                .bind("id", id)
                .execute());
  }

  public void dataset(long id, String dataset) {
    jdbi.useHandle(
        h ->
            h.createUpdate("update trainings set dataset = :dataset where id = :id")
                .bind("dataset", dataset)
                .bind("id", id)
                .execute());
  }

  /** The run has made a version: both are known at once, or neither is. */
  public void done(long id, Registered model, String report, Instant now) {
    jdbi.useTransaction(
        h -> {
          Registry.insert(h, model);
          h.createUpdate(
                  "update trainings set state = :done, ended_at = :now, progress = 1,"
                      + " version = :version, report = :report where id = :id")
              .bind("done", State.DONE.name())
              .bind("now", now)
              .bind("version", model.artifact().version())
              .bind("report", report)
              .bind("id", id)
              .execute();
        });
  }

  public void failed(long id, String code, String message, Instant now) {
    jdbi.useHandle(
        h ->
            h.createUpdate(
                    "update trainings set state = :failed, ended_at = :now, code = :code,"
                        + " message = :message where id = :id")
                .bind("failed", State.FAILED.name())
                .bind("now", now)
                .bind("code", code)
                .bind("message", message)
                .bind("id", id)
                .execute());
  }

  /** Those that a hub runs; asked when it is not there, they were cut off. */
  public List<Long> running(String hub) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "select id from trainings where state = :running"
                        + " and (hub is null or hub = :hub) order by id")
                .bind("running", State.RUNNING.name())
                .bind("hub", hub)
                .mapTo(Long.class)
                .list());
  }

  public Optional<TrainingRun> find(long id) {
    return jdbi.withHandle(
        h ->
            h.createQuery("select * from trainings where id = :id")
                .bind("id", id)
                .map((row, context) -> run(row))
                .findOne());
  }

  /** The newest first; those with an id below the given one, at most so many. */
  public List<TrainingRun> list(Optional<String> model, long before, int most) {
    Filter filter = new Filter().equal("model", model).add("id", "<", Optional.of(before));
    return jdbi.withHandle(
        h ->
            filter
                .bind(
                    h.createQuery(
                        "select * from trainings "
                            + filter.sql()
                            + " order by id desc limit :most"))
                .bind("most", most)
                .map((row, context) -> run(row))
                .list());
  }

  private static TrainingRun run(ResultSet row) throws SQLException {
    return new TrainingRun(
        row.getLong("id"),
        State.valueOf(row.getString("state")),
        row.getString("model"),
        row.getString("request"),
        Rows.time(row, "created_at"),
        Rows.optionalTime(row, "started_at"),
        Rows.optionalTime(row, "ended_at"),
        row.getDouble("progress"),
        row.getString("progress_text"),
        row.getString("code"),
        row.getString("message"),
        Rows.optionalText(row, "version"),
        Rows.optionalText(row, "dataset"),
        Rows.optionalText(row, "report"));
  }
}
