package io.selvedge.hub.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.selvedge.hub.Debian;
import io.selvedge.hub.store.Database;
import io.selvedge.protocol.kura.Records;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gateways whose clocks jump: the newest report is the one that the gateway counts as such. */
class ReportOrderTest {

  private static final String ONE = "\"gateways\": [\"gw-1\"]";

  @Test
  void aClockThatJumpsBackHidesNoEnd(@TempDir Path folder) throws Exception {
    try (RolloutRig rig = new RolloutRig(folder)) {
      jumpsBack(rig);
    }
  }

  @Test
  void norInPostgres(@TempDir Path folder) throws Exception {
    assumeThat(Debian.program("initdb")).as("needs the package postgresql").isPresent();
    try (Debian postgres = Debian.postgres();
        RolloutRig rig =
            new RolloutRig(
                Database.open(
                    "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres",
                    Optional.of("hub"),
                    Optional.empty()),
                folder)) {
      jumpsBack(rig);
    }
  }

  private static void jumpsBack(RolloutRig rig) throws Exception {
    long id = rig.online("gw-1").create(ONE);
    rig.work();
    rig.report("gw-1", 1, 1, "TRIAL", "", "{}");
    rig.gatewaysSay(rig.now().minus(Duration.ofDays(400))); // after CLOCK_UNSET, and wrong
    rig.active("gw-1");
    rig.work();
    assertThat(rig.target(id, "gw-1").state()).isEqualTo(TargetState.DONE);
    assertThat(rig.reported("gw-1")).contains("ACTIVE");
  }

  @Test
  void aClockThatWasFarAheadOrUnsetCountsNoMoreThanAnother(@TempDir Path folder) throws Exception {
    try (RolloutRig rig = new RolloutRig(folder)) {
      long id = rig.online("gw-1").create(ONE);
      rig.work();
      rig.gatewaysSay(Instant.parse("2038-01-01T00:00:00Z"));
      rig.report("gw-1", 1, 0, "FETCHING", "", "null");
      rig.gatewaysSay(Instant.EPOCH.plusSeconds(7));
      rig.report("gw-1", 1, 1, "TRIAL", "", "{}");
      rig.work();
      assertThat(rig.target(id, "gw-1").state()).isEqualTo(TargetState.TRIAL);
      rig.gatewaysSay(rig.now());
      rig.active("gw-1");
      rig.work();
      assertThat(rig.target(id, "gw-1").state()).isEqualTo(TargetState.DONE);
    }
  }

  /** Two hubs share the work, or a broker kept it: an older one comes after the newer one. */
  @Test
  void whatTheGatewayCountedBeforeChangesNothingHoweverLateItsTimeIs(@TempDir Path folder)
      throws Exception {
    try (RolloutRig rig = new RolloutRig(folder)) {
      long id = rig.online("gw-1").create(ONE);
      rig.work();
      rig.report("gw-1", 1, 1, "ACTIVE", "", "{}", Records.identity("box", 12));
      rig.gatewaysSay(rig.now().plusSeconds(60));
      rig.report("gw-1", 1, 1, "TRIAL", "", "{}", Records.identity("box", 11));
      rig.gatewaysSay(Instant.EPOCH.plusSeconds(7));
      rig.report("gw-1", 1, 0, "FETCHING", "", "null", Records.identity("box", 10));
      rig.work();
      assertThat(rig.target(id, "gw-1").state()).isEqualTo(TargetState.DONE);
      assertThat(rig.reported("gw-1")).contains("ACTIVE");
    }
  }

  /** Its disk was replaced: it counts from the beginning, in an outbox of another name. */
  @Test
  void aNewOutboxIsNewerThanTheOldOne(@TempDir Path folder) throws Exception {
    try (RolloutRig rig = new RolloutRig(folder)) {
      long id = rig.online("gw-1").create(ONE);
      rig.work();
      rig.report("gw-1", 1, 1, "TRIAL", "", "{}", Records.identity("first", 900));
      rig.gatewaysSay(rig.now().minus(Duration.ofDays(30)));
      rig.report("gw-1", 1, 1, "ACTIVE", "", "{}", Records.identity("second", 1));
      rig.report("gw-1", 1, 0, "FETCHING", "", "null", Records.identity("first", 901));
      rig.work();
      assertThat(rig.target(id, "gw-1").state()).isEqualTo(TargetState.DONE);
    }
  }

  @Test
  void withoutNumbersItsTimeTellsUnlessThatCannotBeRight(@TempDir Path folder) throws Exception {
    try (RolloutRig rig = new RolloutRig(folder)) {
      long id = rig.online("gw-1").create(ONE);
      rig.work();
      rig.report("gw-1", 1, 1, "TRIAL", "", "{}", Map.of());
      rig.gatewaysSay(rig.now().minusSeconds(30));
      rig.report("gw-1", 1, 0, "FETCHING", "", "null", Map.of());
      rig.work();
      assertThat(rig.target(id, "gw-1").state()).isEqualTo(TargetState.TRIAL);
      rig.gatewaysSay(Instant.parse("2038-01-01T00:00:00Z"));
      rig.report("gw-1", 1, 1, "SHADOW", "", "{}", Map.of());
      rig.gatewaysSay(rig.now());
      rig.report("gw-1", 1, 1, "ACTIVE", "", "{}", Map.of());
      rig.work();
      assertThat(rig.target(id, "gw-1").state()).isEqualTo(TargetState.DONE);
    }
  }
}
