package io.selvedge.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.protocol.feature.FeatureOp;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobTest {

  @TempDir Path folder;

  @Test
  void readsEveryField() throws Exception {
    Job job = read(JobFolder.JOB);

    assertThat(job.model()).isEqualTo("occupancy");
    assertThat(job.outputs()).containsExactly("empty", "occupied");
    assertThat(job.features()).extracting(f -> f.op()).contains(FeatureOp.SLOPE);
    assertThat(job.network()).isEqualTo(Network.Kind.MLP);
    assertThat(job.epochs()).isEqualTo(8);
    assertThat(job.rows()).isEqualTo(folder.resolve("rows.csv"));
    assertThat(job.longestWindowMillis()).isEqualTo(600_000);
    assertThat(job.lineage().parent()).isEqualTo("0");
  }

  @Test
  void networkEpochsSeedAndLineageMayBeLeftOut() throws Exception {
    Job job =
        read(
            """
            {"model": "m", "version": "1", "outputs": ["a", "b"], "rows": "rows.csv",
             "features": [{"name": "x", "of": "x", "op": "last"}]}
            """);

    assertThat(job.network()).isEqualTo(Network.Kind.LOGISTIC);
    assertThat(job.epochs()).isEqualTo(60);
    assertThat(job.lineage().dataset()).isEmpty();
  }

  /** Each line: what to find, what to put there, what the message must say. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"occupancy\"           | \"Big Room\"      | name [Big Room] must be",
        "\"version\": \"1\"      | \"version\": 1    | version [1] must be a text",
        "[\"empty\", \"occupied\"] | [\"empty\"]     | outputs [empty] must name at least two",
        "[\"empty\", \"occupied\"] | [\"a\", \"a\"]  | outputs has [a] twice",
        "\"mlp\"                 | \"forest\"        | network [forest] must be one of logistic, mlp",
        "\"epochs\": 8           | \"epochs\": 0     | epochs [0] must be a whole number from 1",
        "\"seed\": 1             | \"seed\": 1.5     | seed [1.5] must be a whole number",
        "\"PT10M\"               | \"10 minutes\"    | window [10 minutes] must be an ISO-8601",
        "\"slope\"               | \"median\"        | op [median] is not known",
        "[\"temperature\"]       | [\"humidity\"]    | of [temperature] must be one of inputs [humidity]",
        "\"temperature_slope_10m\" | \"temperature\" | features has [temperature] twice",
        "\"rows.csv\"            | \"none.csv\"      | must be a file that can be read",
        "\"features\"            | \"columns\"       | features is missing",
        "{\"model\"              | [\"model\"        | job is not JSON",
      })
  void saysWhatIsWrong(String find, String put, String message) {
    assertThat(JobFolder.JOB).contains(find);

    assertThatThrownBy(() -> read(JobFolder.JOB.replace(find, put)))
        .isInstanceOfSatisfying(
            TrainingException.class, e -> assertThat(e.code()).isEqualTo("training.malformed_job"))
        .hasMessageContaining(message);
  }

  @Test
  void saysThatTheJobIsNotThere() {
    assertThatThrownBy(() -> Job.read(folder.resolve("none.json")))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("none.json] cannot be read");
  }

  private Job read(String json) throws TrainingException {
    new JobFolder(folder).job(json).rows("time_ms,input,value\n");
    return Job.read(folder.resolve("job.json"));
  }
}
