package io.selvedge.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.ArtifactException;
import io.selvedge.api.flow.FlowStatus;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Flows from files and from deployments. */
class FlowFilesTest {

  @TempDir private Path directory;
  private final EngineRig rig = new EngineRig();
  private final FlowFiles files = new FlowFiles(rig.engine, Optional.empty());
  private final FlowArtifacts artifacts = new FlowArtifacts(rig.engine);

  @AfterEach
  void close() {
    rig.close();
  }

  private File write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toFile();
  }

  private static String flow(String name, String version) {
    return "{\"flow\":\"%s\",\"version\":\"%s\",\"inputs\":{\"t\":\"office/t\"}}"
        .formatted(name, version);
  }

  private FlowStatus status(String name) {
    return rig.engine.find(name).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "office.flow.json,true",
    "office.flow.yaml,true",
    "office.flow.yml,true",
    "office.json,false",
    "occupancy.model.json,false",
    ".flow.json,false",
    "office.flow.yaml~,false",
    "io.selvedge.flow.cfg,false"
  })
  void takesFlowFilesOnly(String name, boolean takes) {
    assertThat(files.canHandle(new File(name))).isEqualTo(takes);
  }

  @Test
  void aFileIsReadAgainWhenItChangesAndGoneWhenItGoes() throws Exception {
    File file = write("office.flow.json", flow("office", "1"));
    files.install(file);
    assertThat(status("office").version()).isEqualTo("1");
    write("office.flow.json", flow("office", "2"));
    files.update(file);
    assertThat(status("office").version()).isEqualTo("2");
    files.uninstall(file);
    assertThat(rig.engine.find("office")).isEmpty();
    assertThat(rig.events.codes()).containsExactly("flow.started", "flow.started", "flow.stopped");
  }

  @Test
  void aBrokenFileIsRefusedAndTheLastGoodOneGoesOn() throws Exception {
    File file = write("office.flow.json", flow("office", "1"));
    files.install(file);
    write("office.flow.json", "{\"flow\":\"office\",\"version\":\"2\",\"inputs\":{}}");
    files.update(file);
    assertThat(status("office").version()).isEqualTo("1");
    assertThat(status("office").refused())
        .startsWith("flow file [office.flow.json] is refused, 1 problem: $.inputs: [{}] must have");
    assertThat(rig.events.messages("flow.refused"))
        .singleElement()
        .asString()
        .endsWith("The last good version goes on");
    assertThat(rig.decide(Rows.row("office", 0, "t", 20.0)).flowVersion()).isEqualTo("1");
    write("office.flow.json", flow("office", "3"));
    files.update(file);
    assertThat(status("office").version()).isEqualTo("3");
    assertThat(status("office").refused()).isEmpty();
  }

  @Test
  void aFileThatWasNeverGoodDoesNotRunAndIsForgottenWithItsFile() throws Exception {
    File file = write("office.flow.yaml", "flow: [");
    files.install(file);
    assertThat(rig.engine.list()).isEmpty();
    assertThat(rig.events.messages("flow.refused"))
        .singleElement()
        .asString()
        .endsWith("The flow does not run");
    files.uninstall(file);
    assertThat(rig.events.codes()).containsExactly("flow.refused");
  }

  @Test
  void aFileMustBeCalledByItsFlow() throws Exception {
    files.install(write("hall.flow.json", flow("office", "1")));
    assertThat(rig.engine.list()).isEmpty();
    assertThat(rig.events.messages("flow.refused"))
        .containsExactly(
            "flow file [hall.flow.json] holds flow [office]; the file must be called by its flow,"
                + " rename one of them. The flow does not run");
  }

  @Test
  void aFileThatCannotBeReadIsRefused() {
    files.install(directory.resolve("office.flow.json").toFile());
    assertThat(rig.events.messages("flow.refused"))
        .singleElement()
        .asString()
        .startsWith("flow file [office.flow.json] cannot be read: ");
  }

  @Test
  void filesThatAreThereAreReadAtTheStartAndNotTwice() throws Exception {
    Files.createDirectory(directory.resolve("flows"));
    File file = write("flows/office.flow.json", flow("office", "1"));
    write("flows/broken.flow.yaml", "flow: [");
    write("flows/readme.txt", "no flow");
    FlowFiles again = new FlowFiles(rig.engine, Optional.of(directory));
    assertThat(status("office").version()).isEqualTo("1");
    again.install(file);
    assertThat(rig.events.codes()).containsExactly("flow.refused", "flow.started");
    write("flows/office.flow.json", flow("office", "2"));
    again.update(file);
    assertThat(status("office").version()).isEqualTo("2");
    again.uninstall(file);
    again.install(file);
    assertThat(status("office").version()).isEqualTo("2");
  }

  @Test
  void ofTwoFilesOfOneFlowTheFirstRunsAndTheOtherWaits() throws Exception {
    File first = write("office.flow.json", flow("office", "1"));
    File second = write("office.flow.yaml", flow("office", "2"));
    files.install(first);
    files.install(second);
    assertThat(status("office").version()).isEqualTo("1");
    assertThat(status("office").refused())
        .isEqualTo(
            "flow file [office.flow.yaml] is not read, because [office.flow.json] holds the same"
                + " flow; keep one of them");
    files.uninstall(second);
    assertThat(status("office").refused()).isEmpty();
    files.install(second);
    files.uninstall(first);
    assertThat(status("office").version()).isEqualTo("2");
    assertThat(status("office").refused()).isEmpty();
    files.uninstall(second);
    assertThat(rig.engine.list()).isEmpty();
  }

  @Test
  void aDirectoryThatIsNotThereIsNoTrouble() {
    assertThat(new FlowFiles(rig.engine, Optional.of(directory.resolve("gone")))).isNotNull();
    assertThat(rig.events.codes()).isEmpty();
  }

  private static Artifact artifact(String name) {
    return new Artifact(
        Artifact.Kind.FLOW, name, "7", List.of(new Artifact.File("flow.json", "0".repeat(64), 1)));
  }

  @Test
  void aDeploymentIsCheckedThenRunsThenGoes() throws Exception {
    files.install(write("office.flow.json", flow("office", "file")));
    write("flow.json", flow("office", "deployed"));
    artifacts.check(artifact("office"), directory);
    assertThat(status("office").version()).isEqualTo("file");
    artifacts.activate(artifact("office"), directory);
    assertThat(status("office").version()).isEqualTo("deployed");
    artifacts.retire(artifact("office"));
    assertThat(status("office").version()).isEqualTo("file");
  }

  @Test
  void aDeploymentThatIsNoFlowIsRefused() throws Exception {
    assertThatThrownBy(() -> artifacts.check(artifact("office"), directory))
        .isInstanceOfSatisfying(
            ArtifactException.class, e -> assertThat(e.code()).isEqualTo("flow.unreadable"));
    write("flow.json", flow("hall", "1"));
    assertThatThrownBy(() -> artifacts.activate(artifact("office"), directory))
        .hasMessage("artifact [office] holds flow [hall]; both must have one name, publish it anew")
        .isInstanceOfSatisfying(
            ArtifactException.class, e -> assertThat(e.code()).isEqualTo("flow.wrong_name"));
    write("flow.json", "{}");
    assertThatThrownBy(() -> artifacts.check(artifact("office"), directory))
        .hasMessageStartingWith("artifact [office 7]: flow file [flow.json] is refused, 3 problems")
        .isInstanceOfSatisfying(
            ArtifactException.class, e -> assertThat(e.code()).isEqualTo("flow.malformed"));
    assertThat(rig.engine.list()).isEmpty();
  }
}
