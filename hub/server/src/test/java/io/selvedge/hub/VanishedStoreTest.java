package io.selvedge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.selvedge.hub.store.Database;
import io.selvedge.hub.store.Gateways;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;

/** A PostgreSQL that is there no more and does not say so. */
class VanishedStoreTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  @Test
  void nobodyWaitsForItForEver() throws Exception {
    assumeThat(Debian.program("initdb")).as("needs the package postgresql").isPresent();
    try (Debian postgres = Debian.postgres()) {
      String url = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres";
      try (Database database = open(url)) {
        assertThat(silence(database)).isEqualTo(60_000);
      }
      try (Database database = open(url + "?socketTimeout=2")) {
        assertThat(silence(database)).isEqualTo(2_000);
        Gateways gateways = new Gateways(database);
        gateways.enrol("gw", "hash", NOON);

        postgres.pause(true);
        Instant before = Instant.now();
        assertThatThrownBy(() -> gateways.passwordHash("gw")).isInstanceOf(JdbiException.class);
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(30));

        postgres.pause(false);
        assertThat(gateways.passwordHash("gw")).contains("hash");
      }
    }
  }

  private static Database open(String url) throws Exception {
    return Database.open(url, Optional.of("hub"), Optional.empty());
  }

  private static int silence(Database database) throws SQLException {
    return database.jdbi().withHandle(h -> h.getConnection().getNetworkTimeout());
  }
}
