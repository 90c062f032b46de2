package io.selvedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.selvedge.hub.ingest.Decoder;
import io.selvedge.hub.store.Arrival;
import io.selvedge.hub.store.ArrivalStore;
import io.selvedge.hub.store.Database;
import io.selvedge.hub.store.Deployment;
import io.selvedge.hub.store.Deployments;
import io.selvedge.hub.store.Gateway;
import io.selvedge.hub.store.Gateways;
import io.selvedge.hub.store.Telemetry;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Metric;
import io.selvedge.protocol.kura.Records;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database that an older hub has filled, opened by this one. */
class MigrationTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final List<String> DATA =
      List.of(
          "insert into gateways (id, password_hash, state, state_since)"
              + " values ('gw', 'h', 'ONLINE', timestamp with time zone '2026-01-31 11:00:00+00')",
          "insert into gateway_counts values ('gw', 'DATA-V1', 1, 0, 0)",
          "insert into outboxes (gateway, outbox) values ('gw', 'box')",
          "insert into messages values"
              + " (1, 1, 7, timestamp with time zone '2026-01-31 12:00:00+00')",
          "insert into series (gateway, device, channel) values ('gw', 'hall', 'x')",
          "insert into measurements (message, series, time, decimal_value)"
              + " values (1, 1, timestamp with time zone '2026-01-31 12:00:00+00', 21.5)",
          "insert into trainings (state, model, request, created_at)"
              + " values ('QUEUED', 'm', '{}', timestamp with time zone '2026-01-31 12:00:00+00')",
          "select nextval('message_ids')");

  /** What came with rollouts, in the tables that later versions change. */
  private static final List<String> ROLLOUT =
      List.of(
          "insert into deployments (gateway, revision, issued_at, expires_at, document, envelope,"
              + " delivery, delivery_message, rollout) values ('gw', 3,"
              + " timestamp with time zone '2026-01-31 12:00:00+00',"
              + " timestamp with time zone '2026-03-02 12:00:00+00',"
              + " '{\"format\":2,\"group\":\"line-a\",\"revision\":3}', '{}', 'REFUSED', 'x', null)",
          "insert into deployments (gateway, revision, issued_at, expires_at, document, envelope,"
              + " delivery, delivery_message, rollout) values ('gw', 2,"
              + " timestamp with time zone '2026-01-31 11:00:00+00',"
              + " timestamp with time zone '2026-03-02 11:00:00+00',"
              + " '{\"format\":2,\"gateway\":\"gw\",\"revision\":2}', '{}', 'TAKEN', '', 1)",
          "insert into deployment_reports (gateway, revision, live_revision, state, code, message,"
              + " report, reported_at) values ('gw', 2, 2, 'TRIAL', '', '', '{}',"
              + " timestamp with time zone '2026-01-31 12:00:00+00')",
          "insert into rollouts (name, state, since, plan, created_at, created_by) values"
              + " ('to 2', 'RUNNING', timestamp with time zone '2026-01-31 12:00:00+00', '{}',"
              + " timestamp with time zone '2026-01-31 12:00:00+00', 'anna')",
          "insert into rollout_events (rollout, at, who, subject, from_state, to_state, why)"
              + " values (1, timestamp with time zone '2026-01-31 12:00:00+00', 'anna', '',"
              + " '', 'CREATING', 'new')");

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "8"})
  void theEmbeddedOneIsUpgradedWithItsData(String version, @TempDir Path folder) throws Exception {
    String url =
        "jdbc:h2:file:"
            + folder.resolve("hub")
            + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH";
    fill(url, "", version);
    try (Database database = Database.embedded(folder)) {
      stillThere(database);
      if (version.equals("8")) {
        rolloutStillThere(database);
      }
    }
  }

  @Test
  void postgresIsUpgradedWithItsData() throws Exception {
    assumeThat(Debian.program("initdb")).as("needs the package postgresql").isPresent();
    try (Debian postgres = Debian.postgres()) {
      String server = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/";
      for (String version : List.of("1", "2", "8")) {
        try (Connection connection = DriverManager.getConnection(server + "postgres", "hub", "");
            Statement statement = connection.createStatement()) {
          statement.execute("create database v" + version);
        }
        String url = server + "v" + version;
        fill(url, "hub", version);
        try (Database database = Database.open(url, Optional.of("hub"), Optional.empty())) {
          stillThere(database);
          if (version.equals("8")) {
            rolloutStillThere(database);
          }
        }
      }
    }
  }

  private static void fill(String url, String user, String version) throws Exception {
    Flyway.configure(MigrationTest.class.getClassLoader())
        .dataSource(url, user, "")
        .locations("classpath:db/migration")
        .target(version)
        .load()
        .migrate();
    try (Connection connection = DriverManager.getConnection(url, user, "");
        Statement statement = connection.createStatement()) {
      for (String sql : DATA) {
        statement.execute(sql);
      }
      for (String sql : version.equals("8") ? ROLLOUT : List.<String>of()) {
        statement.execute(sql);
      }
    }
  }

  private static void rolloutStillThere(Database database) {
    String report = "{\"deployment\": {\"revision\": 2, \"newest\": 2, \"state\": \"ACTIVE\"}}";
    new ArrivalStore(database)
        .store(
            List.of(
                new Decoder("a")
                    .decode(
                        "a/gw/TWIN-V1/reported",
                        KuraCodec.append(
                            KuraCodec.encodePlain(
                                KuraPayload.of(
                                    NOON, Map.of(), report.getBytes(StandardCharsets.UTF_8))),
                            Records.identity("box", 9)),
                        NOON)));
    assertThat(text(database, "select state from deployment_reports"))
        .as("one of a hub that kept no numbers is below one with a number")
        .isEqualTo("ACTIVE");
    assertThat(text(database, "select why from rollout_events")).isEqualTo("new");
    Deployments deployments = new Deployments(database);
    assertThat(deployments.newest("gw").map(Deployment::revision)).contains(3L);
    deployments.issue(
        "gw",
        base -> {
          assertThat(base.revision()).isEqualTo(3);
          assertThat(base.deployment().map(Deployment::revision))
              .as("the group's document was refused")
              .contains(2L);
          assertThat(base.proved()).isTrue();
          Deployment last = base.deployment().orElseThrow();
          return new Deployment(
              "gw", 4, NOON, NOON, last.document(), "{}", last.delivery(), "", Optional.empty());
        });
    assertThat(deployments.newest("gw").map(Deployment::revision)).contains(4L);
  }

  private static String text(Database database, String sql) {
    return database.jdbi().withHandle(h -> h.createQuery(sql).mapTo(String.class).one());
  }

  private static void stillThere(Database database) {
    Gateways gateways = new Gateways(database);
    assertThat(gateways.find("gw").map(Gateway::state)).contains(Gateway.State.ONLINE);
    assertThat(gateways.passwordHash("gw")).contains("h");
    Arrival known = arrival(7);
    new ArrivalStore(database).store(List.of(known, arrival(8)));
    assertThat(gateways.counts("gw"))
        .singleElement()
        .satisfies(
            sums -> {
              assertThat(sums.stored()).isEqualTo(2);
              assertThat(sums.duplicates()).isEqualTo(1);
            });
    assertThat(
            new Telemetry(database)
                .count(
                    new Telemetry.Range(Optional.of("gw"), Optional.empty(), Optional.empty()),
                    Optional.empty(),
                    Optional.empty())
                .rows())
        .isEqualTo(2);
  }

  private static Arrival arrival(long record) {
    byte[] bytes =
        KuraCodec.append(
            KuraCodec.encodePlain(
                KuraPayload.of(NOON.plusSeconds(record), Map.of("x", Metric.of(1.0)))),
            Records.identity("box", record));
    return new Decoder("a").decode("a/gw/DATA-V1/hall", bytes, NOON);
  }
}
