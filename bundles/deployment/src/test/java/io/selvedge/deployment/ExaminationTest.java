package io.selvedge.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.deployment.TrialStatus.Verdict;
import io.selvedge.deployment.Examination.Outcome;
import io.selvedge.protocol.deployment.Trial;
import io.selvedge.protocol.json.Fields;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExaminationTest {

  private static final Duration NOW = Duration.ZERO;
  private static final OptionalDouble NONE = OptionalDouble.empty();

  @ParameterizedTest
  @CsvSource({
    "max_error_rate, 0.09, trial.error_rate",
    "max_latency_p99_ms, 19, trial.latency",
    "max_memory_mb, 29, trial.memory",
    "min_agreement, 0.81, trial.agreement",
    "max_input_drift, 0.39, trial.input_drift",
    "max_output_drift, 0.49, trial.output_drift",
    "min_accuracy, 0.71, trial.accuracy"
  })
  void eachConditionHasItsCode(String condition, String limit, String code) {
    Outcome failed = examination(100, condition + "\":" + limit).judge(bad(100), NOW);
    assertThat(failed.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(failed.code()).isEqualTo(code);
    assertThat(failed.reason()).startsWith(code + " [").contains("must be at ");
  }

  @ParameterizedTest
  @CsvSource({
    "max_error_rate, 0.1",
    "max_latency_p99_ms, 20",
    "max_memory_mb, 30",
    "min_agreement, 0.8",
    "max_input_drift, 0.4",
    "max_output_drift, 0.5",
    "min_accuracy, 0.7"
  })
  void onTheLimitIsKept(String condition, String limit) {
    Outcome kept = examination(100, condition + "\":" + limit).judge(bad(100), NOW);
    assertThat(kept.verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void endsEarlyOnlyWhereItCannotBecomeGoodAgain() {
    Examination examination = examination(1000, "max_error_rate\":0.01");
    assertThat(examination.judge(errors(50, 10), NOW)).isEqualTo(Outcome.OPEN);
    assertThat(examination.judge(errors(50, 11), NOW).code()).isEqualTo("trial.error_rate");
    assertThat(examination.judge(errors(200, 10), NOW).code())
        .as("many rows are enough")
        .isEqualTo("trial.error_rate");
  }

  @Test
  void withFewerLabelsThanAskedForAccuracyIsNotLookedAt() {
    Examination examination = examination(100, "min_accuracy\":0.9,\"min_labels\":41");
    assertThat(examination.judge(bad(100), NOW).verdict()).isEqualTo(Verdict.PASSED);
    assertThat(examination(100, "min_accuracy\":0.9,\"min_labels\":40").judge(bad(100), NOW).code())
        .isEqualTo("trial.accuracy");
  }

  @Test
  void isBetterWhereItsLabelsSaySo() {
    TrialFigures better =
        new TrialFigures(
            100,
            0,
            NONE,
            NONE,
            NONE,
            NONE,
            NONE,
            OptionalDouble.of(0.9),
            OptionalDouble.of(0.8),
            10);
    assertThat(examination(100, "max_error_rate\":0.5").judge(better, NOW).verdict())
        .isEqualTo(Verdict.BETTER);
  }

  @Test
  void timeEndsItToo() {
    Examination examination = parse("{\"live\":{\"seconds\":10,\"max_error_rate\":0.5}}", true);
    assertThat(examination.judge(errors(1, 0), Duration.ofSeconds(9))).isEqualTo(Outcome.OPEN);
    assertThat(examination.judge(errors(1, 0), Duration.ofSeconds(10)).verdict())
        .isEqualTo(Verdict.PASSED);
    assertThat(examination.judge(errors(1, 1), Duration.ofSeconds(10)).verdict())
        .isEqualTo(Verdict.FAILED);
    assertThat(examination.judge(TrialFigures.NONE, Duration.ofSeconds(10)).reason())
        .contains("not one row came in [10 s]");
  }

  @Test
  void whatAnswersNoRowsIsWatchedForAMinute() {
    Examination examination = parse("{\"live\":{\"rows\":10,\"max_error_rate\":0.5}}", false);
    assertThat(examination.judge(TrialFigures.NONE, Duration.ofSeconds(59)))
        .isEqualTo(Outcome.OPEN);
    assertThat(examination.judge(TrialFigures.NONE, Duration.ofMinutes(1)).verdict())
        .isEqualTo(Verdict.PASSED);
  }

  private static TrialFigures errors(long rows, long errors) {
    return new TrialFigures(rows, errors, NONE, NONE, NONE, NONE, NONE, NONE, NONE, 0);
  }

  private static TrialFigures bad(long rows) {
    return new TrialFigures(
        rows,
        rows / 10,
        OptionalDouble.of(20),
        OptionalDouble.of(30),
        OptionalDouble.of(0.8),
        OptionalDouble.of(0.4),
        OptionalDouble.of(0.5),
        OptionalDouble.of(0.7),
        OptionalDouble.of(0.8),
        40);
  }

  private static Examination examination(long rows, String condition) {
    return parse("{\"live\":{\"rows\":" + rows + ",\"" + condition + "}}", true);
  }

  private static Examination parse(String json, boolean answers) {
    Trial.Live live =
        Trial.parse(Fields.parse("trial", json.getBytes(StandardCharsets.UTF_8)))
            .live()
            .orElseThrow();
    return new Examination(live.rows(), live.seconds(), live.conditions(), answers, answers);
  }
}
