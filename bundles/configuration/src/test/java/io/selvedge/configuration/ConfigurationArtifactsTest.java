package io.selvedge.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.ArtifactException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationArtifactsTest {

  private static final String MINE = "# mine, with a blank at the end \r\nx = 1\n\n";

  @TempDir Path directory;
  private Bench bench;
  private ConfigurationArtifacts artifacts;

  @BeforeEach
  void configure() throws IOException {
    bench = new Bench(directory.resolve("gateway"));
    bench.put("a.cfg", MINE);
    artifacts = open(bench, new Durable());
  }

  private static ConfigurationArtifacts open(Bench bench, Durable disk) throws IOException {
    Changes changes = bench.open(disk);
    changes.recover();
    return new ConfigurationArtifacts(changes, bench.conf, bench.data, disk);
  }

  private Path staged(Artifact artifact, String content) throws IOException {
    Path staged = directory.resolve("staged").resolve(artifact.name() + artifact.version());
    Files.createDirectories(staged);
    for (Artifact.File file : artifact.files()) {
      Files.writeString(staged.resolve(file.path()), content);
    }
    return staged;
  }

  private static Artifact artifact(String name, String version, String... files) {
    List<Artifact.File> all = new ArrayList<>();
    for (String file : files) {
      all.add(new Artifact.File(file, "0".repeat(64), 1));
    }
    return new Artifact(Artifact.Kind.CONFIGURATION, name, version, all);
  }

  private void activate(Artifact artifact, String content) throws Exception {
    Path staged = staged(artifact, content);
    artifacts.check(artifact, staged);
    artifacts.activate(artifact, staged);
  }

  @Test
  void itsFilesAreInConfAndWhatWasThereComesBackByteForByte() throws Exception {
    Artifact both = artifact("hall", "1", "a.cfg", "io.selvedge.driver.simulated-hall.cfg");
    activate(both, "x = 2\n");
    assertThat(bench.text("a.cfg")).isEqualTo("x = 2\n");
    assertThat(bench.text("io.selvedge.driver.simulated-hall.cfg")).isEqualTo("x = 2\n");

    artifacts.retire(both);
    artifacts.retire(both);
    assertThat(bench.text("a.cfg")).isEqualTo(MINE);
    assertThat(bench.conf).isDirectoryNotContaining("glob:**hall.cfg");
    assertThat(bench.data.resolve("deployment/configuration/hall")).doesNotExist();
  }

  @Test
  void anotherVersionKeepsWhatWasBeforeTheFirst() throws Exception {
    activate(artifact("hall", "1", "a.cfg"), "x = 2\n");
    activate(artifact("hall", "2", "a.cfg", "b.cfg"), "x = 3\n");
    activate(artifact("hall", "3", "b.cfg"), "x = 4\n");
    assertThat(bench.text("a.cfg")).as("no longer named").isEqualTo(MINE);
    assertThat(bench.text("b.cfg")).isEqualTo("x = 4\n");
    activate(artifact("hall", "1", "a.cfg"), "x = 2\n");
    assertThat(bench.conf.resolve("b.cfg")).doesNotExist();
    artifacts.retire(artifact("hall", "1", "a.cfg"));
    assertThat(bench.text("a.cfg")).isEqualTo(MINE);
  }

  @Test
  void whileItIsDeployedItCounts() throws Exception {
    activate(artifact("hall", "1", "a.cfg"), "x = 2\n");
    bench.put("a.cfg", "x = 99\n");
    artifacts = open(bench, new Durable());
    activate(artifact("hall", "1", "a.cfg"), "x = 2\n");
    assertThat(bench.text("a.cfg")).isEqualTo("x = 2\n");
    artifacts.retire(artifact("hall", "1", "a.cfg"));
    assertThat(bench.text("a.cfg")).isEqualTo(MINE);
  }

  @Test
  void aFileOfAnotherArtifactIsRefused() throws Exception {
    activate(artifact("hall", "1", "a.cfg"), "x = 2\n");
    refused("configuration.taken", artifact("cellar", "1", "a.cfg"), "x = 3\n");
    assertThat(bench.text("a.cfg")).isEqualTo("x = 2\n");
  }

  @Test
  void whatIsNoConfigurationIsRefused() throws Exception {
    refused("configuration.malformed", artifact("hall", "1", "gateway.properties"), "");
    refused("configuration.malformed", artifact("hall", "1", "a.config"), "x = what is this");
    assertThat(bench.text("a.cfg")).isEqualTo(MINE);
  }

  private void refused(String code, Artifact artifact, String content) throws IOException {
    Path staged = staged(artifact, content);
    assertThatThrownBy(() -> artifacts.check(artifact, staged))
        .isInstanceOfSatisfying(ArtifactException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining("[hall 1]".replace("hall", artifact.name()));
  }

  /** Killed at each step of a switch and of the way back, all files are old or all are new. */
  @Test
  void aKillAtAnyStepLeavesAllOldOrAllNew() throws Exception {
    Artifact next = artifact("hall", "1", "a.cfg", "b.cfg");
    Path staged = staged(next, "x = 2\n");
    Map<String, String> before = Map.of("a.cfg", MINE);
    Map<String, String> after = Map.of("a.cfg", "x = 2\n", "b.cfg", "x = 2\n");
    int steps = 0;
    for (boolean killed = true; killed; ) {
      steps++;
      Bench one = new Bench(directory.resolve("kill-" + steps));
      one.put("a.cfg", MINE);
      ConfigurationArtifacts dying = open(one, new CutDisk(steps));
      try {
        dying.activate(next, staged);
        dying.retire(next);
        killed = false;
      } catch (CutDisk.Killed e) {
        ConfigurationArtifacts again = open(one, new Durable());
        assertThat(conf(one)).as("step " + steps).isIn(before, after);
        again.activate(next, staged);
        assertThat(conf(one)).as("step " + steps).isEqualTo(after);
        again.retire(next);
        assertThat(conf(one)).as("step " + steps).isEqualTo(before);
      }
    }
    assertThat(steps).isGreaterThan(20);
  }

  private static Map<String, String> conf(Bench bench) throws IOException {
    Map<String, String> texts = new java.util.TreeMap<>();
    for (Map.Entry<String, byte[]> one : new ConfigurationFiles(bench.conf).contents().entrySet()) {
      texts.put(one.getKey(), new String(one.getValue(), StandardCharsets.UTF_8));
    }
    return texts;
  }
}
