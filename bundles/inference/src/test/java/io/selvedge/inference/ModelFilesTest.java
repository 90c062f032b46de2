package io.selvedge.inference;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import io.selvedge.api.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {

  private static final float[][] ONES = {{1, 1, 1}};

  @TempDir Path directory;

  private final FakeEvents events = new FakeEvents();
  private final LiveModels models = new LiveModels(events, Clock.systemUTC(), new ModelTrials());
  private final ModelFiles files =
      new ModelFiles(new ModelLoader(Engine.getEngine("OnnxRuntime")), models, events);

  @AfterEach
  void close() {
    models.close();
  }

  private Path write(String file, TestModel model) {
    return model.write(directory, file + ".model.json", file + ".onnx");
  }

  @Test
  void takesManifestsAndModelFilesOnly() {
    assertThat(files.canHandle(directory.resolve("a.model.json").toFile())).isTrue();
    assertThat(files.canHandle(directory.resolve("a.onnx").toFile())).isTrue();
    assertThat(files.canHandle(directory.resolve("a.flow.json").toFile())).isFalse();
    assertThat(files.canHandle(directory.resolve("a.cfg").toFile())).isFalse();
  }

  @Test
  void aFileComesLiveChangesAndGoes() throws Exception {
    Path manifest = write("sum", new TestModel("sum", "1").weight(1));
    files.install(manifest.toFile());
    files.install(directory.resolve("sum.onnx").toFile());
    assertThat(models.predict("sum", ONES).rows()[0]).containsExactly(3, 3);

    write("sum", new TestModel("sum", "2").weight(2));
    files.update(manifest.toFile());
    assertThat(models.predict("sum", ONES).rows()[0]).containsExactly(6, 6);

    files.uninstall(directory.resolve("sum.onnx").toFile());
    assertThat(models.list()).as("it is in memory").hasSize(1);
    files.uninstall(manifest.toFile());
    assertThat(models.list()).isEmpty();
  }

  @Test
  void aBrokenOneIsRefusedAndTheLastGoodOneGoesOn() throws Exception {
    Path manifest = write("sum", new TestModel("sum", "1").weight(1));
    files.install(manifest.toFile());

    Files.writeString(manifest, "{\"format\": 1}");
    files.update(manifest.toFile());

    assertThat(models.predict("sum", ONES).rows()[0]).containsExactly(3, 3);
    assertThat(events.codes()).containsExactly("model.live", "model.malformed");
    assertThat(events.lastMessage())
        .isEqualTo(
            "model file [sum.model.json] is refused: manifest: features is missing; add it;"
                + " the last good one goes on");
    assertThat(events.recent(9).get(1).severity()).isEqualTo(Event.Severity.WARNING);
    assertThat(events.recent(9).get(1).source()).isEqualTo("model/sum");
  }

  @Test
  void theModelFileMayComeAfterItsManifest() throws Exception {
    Path manifest = write("sum", new TestModel("sum", "1").weight(1));
    Path onnx = directory.resolve("sum.onnx");
    byte[] bytes = Files.readAllBytes(onnx);
    Files.write(onnx, new byte[5]); // half copied
    files.install(manifest.toFile());
    assertThat(events.codes()).containsExactly("model.digest_mismatch");

    Files.write(onnx, bytes);
    files.update(onnx.toFile());

    assertThat(models.list()).hasSize(1);
  }

  /** File Install does not call again when this bundle was restarted. */
  @Test
  void whatLiesThereIsTakenAtTheStartAndNotTwice() throws Exception {
    Path good = write("sum", new TestModel("sum", "1"));
    Path bad = Files.writeString(directory.resolve("bad.model.json"), "{}");
    files.scan(directory);
    assertThat(events.codes()).containsExactlyInAnyOrder("model.live", "model.malformed");

    files.install(good.toFile());
    files.install(bad.toFile());
    assertThat(events.codes()).hasSize(2);

    files.scan(directory.resolve("missing"));
  }

  @Test
  void aNameIsOneFilesOnly() throws Exception {
    files.install(write("one", new TestModel("sum", "1")).toFile());
    files.install(write("two", new TestModel("sum", "2")).toFile());

    assertThat(events.codes()).containsExactly("model.live", "model.name_taken");
    assertThat(events.lastMessage()).contains("[one.model.json]");
    assertThat(models.find("sum").orElseThrow().ref().version()).isEqualTo("1");
  }

  @Test
  void aManifestThatChangesItsNameTakesTheOldNameAway() throws IOException {
    Path manifest = write("file", new TestModel("sum", "1"));
    files.install(manifest.toFile());
    write("file", new TestModel("total", "1"));
    files.update(manifest.toFile());
    assertThat(models.find("sum")).isEmpty();
    assertThat(models.find("total")).isPresent();
  }
}
