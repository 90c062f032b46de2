package io.selvedge.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.deployment.DeploymentStatus.State;
import io.selvedge.api.deployment.Deployments.Past;
import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.deployment.TrialStatus;
import io.selvedge.protocol.deployment.Trial;
import io.selvedge.protocol.json.Fields;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  private static final Trial TRIAL =
      Trial.parse(
          Fields.parse(
              "trial",
              "{\"shadow\":{\"rows\":200,\"min_agreement\":0.8},\"live\":{\"rows\":100,\"max_error_rate\":0.02}}"
                  .getBytes(StandardCharsets.UTF_8)));

  @TempDir Path directory;

  private History open() {
    return new History(directory.resolve("history.json"), new Disk());
  }

  private static DeploymentStatus status(long revision, State state, Optional<TrialStatus> trial) {
    boolean bad = state == State.REFUSED;
    return new DeploymentStatus(
        1,
        state,
        revision,
        bad ? "deployment.expired" : "",
        bad ? "too late" : "",
        List.of(),
        NOON,
        DeploymentStatus.Progress.NONE,
        trial);
  }

  @Test
  void keepsEachStateOnceOverRestarts() {
    History history = open();
    history.note(status(0, State.NONE, Optional.empty()), Optional.empty());
    for (int i = 0; i < 3; i++) {
      history.note(status(4, State.FETCHING, Optional.empty()), Optional.empty());
    }
    history.note(status(4, State.ACTIVE, Optional.empty()), Optional.empty());
    history.note(status(5, State.REFUSED, Optional.empty()), Optional.empty());
    assertThat(open().list())
        .containsExactly(
            new Past(5, State.REFUSED, NOON, "deployment.expired", "too late"),
            new Past(4, State.ACTIVE, NOON, "", ""),
            new Past(4, State.FETCHING, NOON, "", ""));
  }

  @Test
  void limitsAreThoseOfThePhaseAndStayWhenItIsOver() {
    History history = open();
    TrialStatus shadow =
        new TrialStatus(
            TrialStatus.Phase.SHADOW, TrialFigures.NONE, NOON, TrialStatus.Verdict.OPEN, "");
    history.note(status(6, State.SHADOW, Optional.of(shadow)), Optional.of(TRIAL));
    assertThat(history.limits(6)).isEqualTo(Map.of("rows", 200.0, "min_agreement", 0.8));
    history.note(status(6, State.ACTIVE, Optional.of(shadow)), Optional.empty());
    assertThat(open().limits(6)).isEqualTo(Map.of("rows", 200.0, "min_agreement", 0.8));
    assertThat(open().limits(7)).isEmpty();
  }

  @Test
  void isBoundedAndOneThatIsDamagedBeginsAnew() throws Exception {
    History history = open();
    for (int i = 1; i < 2 * History.MOST; i++) {
      history.note(status(i, State.ACTIVE, Optional.empty()), Optional.empty());
    }
    assertThat(open().list()).hasSize(History.MOST);
    Files.writeString(directory.resolve("history.json"), "{\"format\": 1");
    assertThat(open().list()).isEmpty();
  }
}
