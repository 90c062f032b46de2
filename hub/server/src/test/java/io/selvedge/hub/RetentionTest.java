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
    }
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
