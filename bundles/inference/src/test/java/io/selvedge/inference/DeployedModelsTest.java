package io.selvedge.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.ArtifactException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployedModelsTest {

  @TempDir Path directory;

  private final FakeEvents events = new FakeEvents();
  private final ModelTrials trials = new ModelTrials();
  private final LiveModels models = new LiveModels(events, Clock.systemUTC(), trials);
  private final DeployedModels deployed =
      new DeployedModels(new ModelLoader(Engine.getEngine("OnnxRuntime")), models, trials);

  @AfterEach
  void close() {
    models.close();
  }

  @Test
  void aCheckChangesNothingAndAnActivationSwaps() throws Exception {
    Artifact artifact = artifact("sum", "7");
    new TestModel("sum", "7").writeTo(directory);

    deployed.check(artifact, directory);
    assertThat(models.list()).isEmpty();

    deployed.activate(artifact, directory);
    assertThat(models.find("sum").orElseThrow().origin()).isEqualTo("deployment");

    deployed.retire(artifact);
    deployed.retire(artifact);
    assertThat(models.list()).isEmpty();
  }

  @Test
  void anotherNameOrVersionThanTheDeploymentSaysIsRefused() throws Exception {
    new TestModel("sum", "7").writeTo(directory);
    refused("model.wrong_name", artifact("sum", "8"));
    refused("model.wrong_name", artifact("total", "7"));
  }

  @Test
  void aDamagedFileIsRefusedWithTheModelsCode() throws Exception {
    new TestModel("sum", "7").writeTo(directory);
    Path onnx = directory.resolve("model.onnx");
    byte[] bytes = Files.readAllBytes(onnx);
    bytes[9] ^= 8;
    Files.write(onnx, bytes);
    refused("model.digest_mismatch", artifact("sum", "7"));
    assertThat(models.list()).isEmpty();
  }

  @Test
  void anEmptyDirectoryIsRefused() throws IOException {
    refused("model.unreadable", artifact("sum", "7"));
  }

  private void refused(String code, Artifact artifact) {
    assertThatThrownBy(() -> deployed.check(artifact, directory))
        .isInstanceOfSatisfying(ArtifactException.class, e -> assertThat(e.code()).isEqualTo(code));
    assertThatThrownBy(() -> deployed.activate(artifact, directory))
        .isInstanceOfSatisfying(ArtifactException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static Artifact artifact(String name, String version) {
    return new Artifact(
        Artifact.Kind.MODEL,
        name,
        version,
        List.of(new Artifact.File("model.json", "ab".repeat(32), 1)));
  }
}
