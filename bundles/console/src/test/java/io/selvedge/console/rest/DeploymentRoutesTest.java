package io.selvedge.console.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.api.deployment.DeploymentStatus.State;
import io.selvedge.api.deployment.TrialStatus.Phase;
import io.selvedge.api.deployment.TrialStatus.Verdict;
import io.selvedge.console.Bench;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentRoutesTest {

  @TempDir Path data;

  @SuppressWarnings("NullAway.Init") // made anew before each test
  Bench bench;

  @BeforeEach
  void make() throws Exception {
    bench = new Bench(data).signedIn();
  }

  private JsonNode get(String path) throws Exception {
    return Bench.json(bench.get(path));
  }

  @Test
  void tellsHowMuchOfTheNewestIsHere() throws Exception {
    bench.services.deployment.fetching(1_000_000, 4_000_000);
    JsonNode answer = get("/api/deployment");
    assertThat(answer.path("revision").asLong()).isEqualTo(3);
    assertThat(answer.path("newest").asLong()).isEqualTo(4);
    assertThat(answer.path("state").asText()).isEqualTo("FETCHING");
    assertThat(answer.path("progress").path("done").asLong()).isEqualTo(1_000_000);
    assertThat(answer.path("progress").path("total").asLong()).isEqualTo(4_000_000);
    assertThat(answer.path("artifacts").get(0).path("bytes").asLong()).isEqualTo(1024);
    assertThat(answer.path("store").path("unneeded").asLong()).isEqualTo(2_500_000);
    assertThat(answer.has("trial")).isFalse();
  }

  @Test
  void tellsTheFiguresOfATrialBesideItsLimits() throws Exception {
    bench.services.deployment.trial(Phase.SHADOW, Verdict.OPEN, "");
    JsonNode trial = get("/api/deployment").path("trial");
    assertThat(trial.path("phase").asText()).isEqualTo("shadow");
    assertThat(trial.path("verdict").asText()).isEqualTo("OPEN");
    assertThat(trial.path("errorRate").asDouble()).isEqualTo(0.0125);
    assertThat(trial.path("agreement").asDouble()).isEqualTo(0.71);
    assertThat(trial.path("limits").path("min_agreement").asDouble()).isEqualTo(0.8);
  }

  @Test
  void tellsWhyANewerOneWasNotTaken() throws Exception {
    bench.services.deployment.ended(State.REFUSED, "deployment.wrong_key", "signed with [ab]");
    JsonNode answer = get("/api/deployment");
    assertThat(answer.path("code").asText()).isEqualTo("deployment.wrong_key");
    assertThat(answer.path("message").asText()).isEqualTo("signed with [ab]");
    assertThat(get("/api/deployment/history").path("history").get(2).path("state").asText())
        .isEqualTo("REVERTED");
    assertThat(get("/api/deployment/keys").path("keys").get(0).path("file").asText())
        .isEqualTo("hub.pub");
  }

  @Test
  void needsASignInAndTheBundle() throws Exception {
    assertThat(Bench.refusal(new Bench(data.resolve("x")).get("/api/deployment")))
        .startsWith("401");
    bench.services.takeAway();
    assertThat(Bench.refusal(bench.get("/api/deployment"))).startsWith("503");
  }
}
