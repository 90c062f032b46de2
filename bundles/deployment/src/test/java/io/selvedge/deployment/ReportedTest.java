package io.selvedge.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.deployment.DeploymentStatus.State;
import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.deployment.TrialStatus;
import io.selvedge.api.deployment.TrialStatus.Phase;
import io.selvedge.api.deployment.TrialStatus.Verdict;
import io.selvedge.protocol.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ReportedTest {

  private static final OptionalDouble NOT_MEASURED = OptionalDouble.empty();

  @Test
  void hasTheFiguresOfATrialAndLeavesOutWhatWasNotMeasured() {
    TrialFigures figures =
        new TrialFigures(
            120,
            3,
            OptionalDouble.of(1.25),
            NOT_MEASURED,
            OptionalDouble.of(0.975),
            OptionalDouble.of(0.04),
            NOT_MEASURED,
            NOT_MEASURED,
            NOT_MEASURED,
            0);
    String reason = "trial.agreement [0.975] must be at least 0.99";
    TrialStatus trial =
        new TrialStatus(Phase.SHADOW, figures, Instant.EPOCH, Verdict.FAILED, reason);

    assertThat(Json.text(Reported.json(status(Optional.of(trial)))))
        .contains("\"state\":\"REFUSED\"")
        .contains(
            "\"trial\":{\"phase\":\"shadow\",\"rows\":120,\"errors\":3,\"error_rate\":0.025,"
                + "\"latency_p99_ms\":1.25,\"agreement\":0.975,\"input_drift\":0.04,\"labels\":0,"
                + "\"since\":\"1970-01-01T00:00:00Z\",\"verdict\":\"failed\",\"reason\":\""
                + reason);
  }

  @Test
  void hasNoTrialWhereThereIsNone() {
    assertThat(Json.text(Reported.json(status(Optional.empty()))))
        .doesNotContain("trial")
        .contains("\"progress\":{\"done_bytes\":10,\"total_bytes\":20,\"refetched_bytes\":0}");
  }

  private static DeploymentStatus status(Optional<TrialStatus> trial) {
    return new DeploymentStatus(
        1,
        State.REFUSED,
        2,
        "",
        "",
        List.of(),
        Instant.EPOCH,
        new DeploymentStatus.Progress(10, 20, 0),
        trial);
  }
}
