package io.selvedge.bench.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.bench.GatewayRest;
import io.selvedge.bench.rollout.FailingActivator.Way;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped gateway with bundles that it does not last with, and the shipped hub: three starts,
 * and the last good deployment runs again.
 */
class ThreeStartsIT {

  private static final String CODE = "trial.three_failed_starts";

  @TempDir Path work;

  private HubAndGateway both;

  @BeforeEach
  void begin() throws Exception {
    both = new HubAndGateway(work);
    both.deploy("1", Way.RUNS);
    both.await(() -> both.reported().path("state").asText().equals("ACTIVE"));
  }

  @AfterEach
  void end() throws Exception {
    if (both != null) {
      both.end();
    }
  }

  @Test
  void oneThatEndsTheProcessInItsActivatorIsGivenUpAfterThreeStarts() throws Exception {
    both.deploy("2", Way.HALTS);
    both.await(() -> both.reported().path("code").asText().equals(CODE));
    assertThat(both.gateway.starts()).as("the first, and one after each end").isEqualTo(4);
    assertLastGood("REFUSED");
  }

  @Test
  void oneThatEndsItOnlyOnceItIsLiveIsTakenBackAfterThreeStarts() throws Exception {
    both.deploy("2", Way.EXITS_LATER);
    both.await(() -> both.reported().path("code").asText().equals(CODE));
    assertThat(both.gateway.starts()).as("the first, three that failed, the last").isEqualTo(5);
    assertLastGood("REVERTED");
  }

  /** And somebody loses patience before the gateway does. */
  @Test
  void oneThatHangsInItsActivatorIsGivenUpAfterThreeStarts() throws Exception {
    both.deploy("2", Way.HANGS);
    for (int i = 1; i <= 3; i++) {
      both.await(() -> Files.deleteIfExists(both.mark()));
      both.gateway.kill();
    }
    both.await(() -> both.reported().path("code").asText().equals(CODE));
    assertThat(both.gateway.starts()).isEqualTo(4);
    assertLastGood("REFUSED");
  }

  /** At the gateway as at the hub; and it is ready. */
  private void assertLastGood(String state) throws Exception {
    JsonNode atHub = both.reported();
    assertThat(atHub.path("state").asText()).isEqualTo(state);
    assertThat(atHub.path("revision").asLong()).as(atHub.toString()).isEqualTo(1);
    both.await(() -> both.ready().contains("\"ready\":true"));
    GatewayRest rest = both.rest();
    assertThat(rest.get("/api/deployment").toString()).contains(CODE, state);
    assertThat(rest.get("/api/events?most=100&severity=WARNING").toString()).contains(CODE);
    assertThat(rest.get("/api/deployment/history").toString()).contains(CODE);
    List<String> there = new ArrayList<>();
    for (JsonNode bundle : rest.get("/system/console/bundles.json").path("data")) {
      if (bundle.path("symbolicName").asText().equals(HubAndGateway.BUNDLE)) {
        there.add(bundle.path("version").asText() + " " + bundle.path("state").asText());
      }
    }
    assertThat(there).containsExactly("1 Active");
    both.await(() -> both.events().contains(CODE));
  }
}
