package io.selvedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.selvedge.hub.ingest.Decoder;
import io.selvedge.hub.store.Arrival;
import io.selvedge.hub.store.ArrivalStore;
import io.selvedge.hub.store.Database;
import io.selvedge.hub.store.Retention;
import io.selvedge.hub.store.Retention.Kind;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Metric;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is older than it shall be kept goes, everything else stays. */
class RetentionTest {

  private static final Instant OLD = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant CUT = Instant.parse("2026-01-15T00:00:00Z");
  private static final Instant NEW = Instant.parse("2026-01-31T00:00:00Z");
  private static final int ROWS = 1500; // more than a batch

  @Test
  void inTheEmbeddedDatabase(@TempDir Path folder) throws Exception {
    try (Database database = Database.embedded(folder)) {
      deletes(database);
      forgetsRollouts(database);
    }
  }

  @Test
  void inPostgres() throws Exception {
    assumeThat(Debian.program("initdb")).as("needs the package postgresql").isPresent();
    try (Debian postgres = Debian.postgres();
        Database database =
            Database.open(
                "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres",
                Optional.of("hub"),
                Optional.empty())) {
      deletes(database);
      forgetsRollouts(database);
    }
  }

  private static void forgetsRollouts(Database database) {
    for (String state : List.of("FINISHED", "RUNNING")) {
      run(
          database,
          "insert into rollouts (name, state, since, plan, created_at, created_by)"
              + " values ('r', '"
              + state
              + "', timestamp with time zone '2026-01-01 00:00:00+00', '{}',"
              + " timestamp with time zone '2026-01-01 00:00:00+00', 'anna')");
    }
    for (int rollout = 1; rollout <= 2; rollout++) {
      for (Instant at : List.of(OLD, OLD.plusSeconds(1), NEW, NEW.plusSeconds(1))) {
        run(
            database,
            "insert into rollout_events (rollout, at, who, subject, from_state, to_state, why)"
                + " values ("
                + rollout
                + ", timestamp with time zone '"
                + at
                + "', 'HUB', '', '', 'X', '')");
      }
    }
    // By gateway: one that has kept a later one, one whose later one failed, one with a single one.
    report(database, "kept", 1, "ACTIVE", OLD);
    report(database, "kept", 2, "REVERTED", OLD);
    report(database, "kept", 3, "ACTIVE", OLD);
    report(database, "kept", 4, "REVERTED", OLD);
    report(database, "failed", 1, "ACTIVE", OLD);
    report(database, "failed", 2, "REVERTED", OLD);
    report(database, "many", 1, "ACTIVE", NEW);
    report(database, "many", 2, "ACTIVE", NEW);
    report(database, "many", 3, "ACTIVE", NEW);

    Retention retention = new Retention(database, 3, 2);
    assertThat(retention.delete(Kind.ROLLOUT_EVENTS, CUT, () -> true))
        .as("two old ones of the ended, one of four of the other")
        .isEqualTo(3);
    assertThat(texts(database, "select rollout || '' from rollout_events order by id"))
        .containsExactly("1", "1", "2", "2", "2");
    assertThat(retention.delete(Kind.DEPLOYMENT_REPORTS, CUT, () -> true)).isEqualTo(3);
    assertThat(
            texts(
                database,
                "select gateway || revision from deployment_reports order by gateway, revision"))
        .as("what the next deployments are made of is known as before")
        .containsExactly("failed1", "failed2", "kept3", "kept4", "many2", "many3");
    assertThat(retention.delete(Kind.DEPLOYMENT_REPORTS, CUT, () -> true)).isZero();
  }

  private static void report(
      Database database, String gateway, int revision, String state, Instant at) {
    run(
        database,
        "insert into deployment_reports (gateway, revision, live_revision, state, code, message,"
            + " report, reported_at) values ('"
            + gateway
            + "', "
            + revision
            + ", "
            + (state.equals("ACTIVE") ? revision : revision - 1)
            + ", '"
            + state
            + "', '', '', '{}', timestamp with time zone '"
            + at
            + "')");
  }

  private static void run(Database database, String sql) {
    database.jdbi().useHandle(h -> h.execute(sql));
  }

  private static List<String> texts(Database database, String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(String.class).list());
  }

  private static void deletes(Database database) {
    List<Arrival> all = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      all.add(measurement(i, OLD));
    }
    all.add(measurement(ROWS, NEW));
    for (Instant arrived : List.of(OLD, NEW)) {
      all.add(arrival("DECISION-V1/office", "{}", arrived));
      all.add(arrival("EVENT-V1/device.down", "", arrived));
      all.add(arrival("FLOW-V1/x", "", arrived));
      all.add(new Decoder("a").decode("a/gw/DATA-V1/hall", new byte[] {1, 2}, arrived));
    }
    new ArrivalStore(database).store(all);
    Retention retention = new Retention(database);

    assertThat(retention.delete(Kind.MEASUREMENTS, CUT, () -> true)).isEqualTo(ROWS);
    assertThat(count(database, "measurements")).isEqualTo(1);
    assertThat(count(database, "messages")).isEqualTo(7);
    assertThat(count(database, "message_digests")).isEqualTo(7);
    assertThat(count(database, "decisions")).isEqualTo(2);
    assertThat(count(database, "dead_letters")).isEqualTo(2);

    assertThat(retention.delete(Kind.DECISIONS, CUT, () -> true)).isEqualTo(1);
    assertThat(retention.delete(Kind.EVENTS, CUT, () -> true)).isEqualTo(1);
    assertThat(retention.delete(Kind.MESSAGES, CUT, () -> true)).isEqualTo(1);
    assertThat(retention.delete(Kind.DEAD_LETTERS, CUT, () -> true)).isEqualTo(1);
    for (String table : List.of("decisions", "events", "other_messages", "dead_letters")) {
      assertThat(count(database, table)).as(table).isEqualTo(1);
    }
    assertThat(count(database, "messages")).isEqualTo(4);

    Instant later = NEW.plus(Duration.ofDays(1));
    assertThat(retention.delete(Kind.MEASUREMENTS, later, () -> true)).isEqualTo(1);
    assertThat(retention.delete(Kind.MEASUREMENTS, later, () -> true)).isZero();
  }

  private static Arrival measurement(int number, Instant arrived) {
    byte[] bytes = KuraCodec.encode(KuraPayload.of(NEW, Map.of("x", Metric.of((double) number))));
    return new Decoder("a").decode("a/gw/DATA-V1/hall", bytes, arrived);
  }

  private static Arrival arrival(String resource, String body, Instant arrived) {
    byte[] bytes =
        KuraCodec.encode(KuraPayload.of(arrived, Map.of(), body.getBytes(StandardCharsets.UTF_8)));
    return new Decoder("a").decode("a/gw/" + resource, bytes, arrived);
  }

  private static int count(Database database, String table) {
    return database
        .jdbi()
        .withHandle(h -> h.createQuery("select count(*) from " + table).mapTo(Integer.class).one());
  }
}
