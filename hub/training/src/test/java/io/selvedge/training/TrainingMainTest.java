package io.selvedge.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.protocol.json.Json;
import io.selvedge.protocol.model.ModelManifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole process on small rooms: what it writes, what it says, how it refuses. */
class TrainingMainTest {

  private static final int MINUTES = 1500;

  @TempDir Path folder;

  @Test
  void trainsAModelThatItsManifestDescribes() throws Exception {
    JobFolder job = new JobFolder(folder).job(JobFolder.JOB).rows(JobFolder.room(MINUTES));

    assertThat(job.run()).as(job.err).isZero();

    byte[] onnx = Files.readAllBytes(job.out().resolve("model.onnx"));
    ModelManifest manifest =
        ModelManifest.parse(Files.readAllBytes(job.out().resolve("model.json")));
    assertThat(manifest.sha256())
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(onnx)));
    assertThat(manifest.size()).isEqualTo(onnx.length);
    assertThat(manifest.lineage()).isEqualTo(new ModelManifest.Lineage("room", "3", "0"));
    assertThat(manifest.golden()).hasSize(5);
    try (OnnxRun run = new OnnxRun(onnx)) {
      for (ModelManifest.Golden golden : manifest.golden()) {
        assertThat(run.predict(new float[][] {golden.row()})[0])
            .containsExactly(golden.expect(), within((float) manifest.tolerance()));
      }
    }
  }

  @Test
  void reportsWhatItDidOnRowsThatItHeldBack() throws Exception {
    JobFolder job = new JobFolder(folder).job(JobFolder.JOB).rows(JobFolder.room(MINUTES));

    assertThat(job.run()).as(job.err).isZero();

    JsonNode report = Json.mapper().readTree(job.out().resolve("report.json").toFile());
    assertThat(report.path("rows").intValue()).isEqualTo(MINUTES);
    assertThat(report.path("balancedAccuracy").doubleValue()).isGreaterThan(0.85);
    assertThat(report.path("majorityBaseline").doubleValue()).isBetween(0.5, 0.6);
    int test = report.path("testRows").intValue();
    assertThat(test).isBetween(MINUTES * 9 / 10, MINUTES);
    int counted = 0;
    for (JsonNode row : report.path("confusion")) {
      for (JsonNode cell : row) {
        counted += cell.intValue();
      }
    }
    assertThat(counted).isEqualTo(test);
    assertThat(report.path("losses")).isNotEmpty();
    assertThat(report.path("features")).hasSize(3);
    assertThat(job.out.lines())
        .allMatch(line -> line.matches("progress [01]\\.\\d\\d .+"))
        .anyMatch(line -> line.matches("progress 0\\.\\d\\d epoch 3 of 8, loss \\d\\.\\d{3}"));
    assertThat(job.out.lines().reduce((a, b) -> b).orElse("")).startsWith("progress 1.00 ");
  }

  @Test
  void givesTheSameModelForTheSameSeedAndAnotherForAnother() throws Exception {
    String rows = JobFolder.room(800);
    byte[] first = model("a", JobFolder.JOB, rows);
    byte[] again = model("b", JobFolder.JOB, rows);
    byte[] other = model("c", JobFolder.JOB.replace("\"seed\": 1", "\"seed\": 2"), rows);

    assertThat(again).isEqualTo(first);
    assertThat(other).isNotEqualTo(first);
  }

  @Test
  void trainsTheLogisticNetworkToo() throws Exception {
    String json = JobFolder.JOB.replace("mlp", "logistic");

    assertThat(model("a", json, JobFolder.room(800))).isNotEmpty();
  }

  @Test
  void aFeatureThatNeverChangedInTrainingIsIgnoredLater() throws Exception {
    // The room is short enough to see no week day: "weekend" is 1 throughout.
    try (OnnxRun run = new OnnxRun(model("a", JobFolder.JOB, JobFolder.room(800)))) {
      float[][] outputs = run.predict(new float[][] {{20, 0.01f, 1}, {20, 0.01f, 0}});

      assertThat(outputs[1]).containsExactly(outputs[0]);
      assertThat(run.predict(new float[][] {{20, -0.01f, 1}})[0]).isNotEqualTo(outputs[0]);
    }
  }

  @Test
  void refusesOneClassAlone() {
    String rows = JobFolder.room(800).replace(",label,1\n", ",label,0\n");
    JobFolder job = new JobFolder(folder).job(JobFolder.JOB).rows(rows);

    assertThat(job.run()).isEqualTo(1);
    assertThat(job.lastError())
        .startsWith("error training.one_class_only rows per class [800, 0]")
        .contains("record longer");
    assertThat(job.out()).doesNotExist();
  }

  @Test
  void refusesAClassThatNeverOccurs() {
    String json = JobFolder.JOB.replace("\"occupied\"]", "\"occupied\", \"full\"]");
    JobFolder job = new JobFolder(folder).job(json).rows(JobFolder.room(800));

    assertThat(job.run()).isEqualTo(1);
    assertThat(job.lastError()).startsWith("error training.class_without_rows output [full]");
  }

  @Test
  void refusesTooFewRowsAndSaysWhereTheyWent() {
    String rows = JobFolder.room(300).replace(",label,", ",other,");
    JobFolder job = new JobFolder(folder).job(JobFolder.JOB).rows(rows);

    assertThat(job.run()).isEqualTo(1);
    assertThat(job.lastError())
        .startsWith("error training.too_few_rows [0] rows")
        .contains("of 300 time stamps 300 have no label");
  }

  @Test
  void refusesClassesThatEachOccurInOnePartOnly() {
    StringBuilder rows = new StringBuilder("time_ms,input,value\n");
    for (int i = 0; i < 400; i++) {
      rows.append(i * 60_000L).append(",temperature,").append(i % 7).append('\n');
      rows.append(i * 60_000L).append(",label,").append(i == 399 ? 1 : 0).append('\n');
    }
    JobFolder job = new JobFolder(folder).job(JobFolder.JOB).rows(rows.toString());

    assertThat(job.run()).isEqualTo(1);
    assertThat(job.lastError()).startsWith("error training.too_few_rows rows per class [399, 1]");
  }

  @Test
  void refusesArgumentsInOneLine() {
    JobFolder job = new JobFolder(folder);

    assertThat(job.run("--job", "job.json", "--fast")).isEqualTo(1);
    assertThat(job.err.lines()).hasSize(1);
    assertThat(job.lastError()).startsWith("error training.malformed_arguments ");
  }

  @Test
  void explainsItself() {
    JobFolder job = new JobFolder(folder);

    assertThat(job.run("--help")).isZero();
    assertThat(job.out).contains("--job=FILE", "--out=DIR", "DJL_CACHE_DIR", "error CODE MESSAGE");
  }

  @Test
  void refusesAnOutputFolderThatIsAFile() throws Exception {
    JobFolder job = new JobFolder(folder).job(JobFolder.JOB).rows(JobFolder.room(800));
    Files.writeString(job.out(), "in the way");

    assertThat(job.run()).isEqualTo(1);
    assertThat(job.lastError()).startsWith("error training.cannot_write");
  }

  /** In a process of its own, as the hub starts it: only there can a variable be absent. */
  @Test
  void neverUnpacksIntoAHomeDirectoryForWantOfASetting() throws Exception {
    new JobFolder(folder).job(JobFolder.JOB).rows(JobFolder.room(800));
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Duser.home=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            TrainingMain.class.getName(),
            "--job",
            folder.resolve("job.json").toString(),
            "--out",
            folder.resolve("out").toString());
    java.environment().keySet().removeAll(List.of("DJL_CACHE_DIR", "PYTORCH_LIBRARY_PATH"));
    Process process = java.redirectError(folder.resolve("stderr").toFile()).start();

    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(folder.resolve("stderr"))
        .content()
        .startsWith("error training.no_cache environment variable [DJL_CACHE_DIR] is not set");
    assertThat(folder.resolve("out")).doesNotExist();
    assertThat(folder.resolve(".djl.ai")).doesNotExist();
  }

  private byte[] model(String name, String json, String rows) throws Exception {
    JobFolder job = new JobFolder(Files.createDirectory(folder.resolve(name))).job(json).rows(rows);
    assertThat(List.of(job.run(), job.err.contains("error"))).isEqualTo(List.of(0, false));
    return Files.readAllBytes(job.out().resolve("model.onnx"));
  }
}
