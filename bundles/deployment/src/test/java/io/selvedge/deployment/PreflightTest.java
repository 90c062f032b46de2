package io.selvedge.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.flow.FlowNeeds;
import io.selvedge.protocol.feature.FeatureOp;
import io.selvedge.protocol.feature.FeatureSpec;
import io.selvedge.protocol.model.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models and flows that would be live together must fit each other. */
class PreflightTest {

  private static final FeatureSpec LAST = FeatureSpec.last("t", "t");
  private static final FeatureSpec MEAN =
      FeatureSpec.of("t_10m", "t", FeatureOp.MEAN, Duration.ofMinutes(10));
  private static final FeatureSpec OTHER_MEAN =
      FeatureSpec.of("t_10m", "t", FeatureOp.MEAN, Duration.ofMinutes(20));

  @TempDir Path root;

  private final FakeNeighbours neighbours = new FakeNeighbours();
  private Staging staging;
  private Preflight preflight;

  @BeforeEach
  void stage() {
    Disk disk = new QuickDisk();
    staging =
        new Staging(
            root,
            new BlobStore(root.resolve("blobs"), disk, 1 << 20, java.time.Clock.systemUTC()),
            disk);
    preflight = new Preflight(staging, neighbours);
  }

  private Artifact model(FeatureSpec... features) throws IOException {
    float[] row = new float[features.length];
    ModelManifest manifest =
        new ModelManifest(
            "office",
            "1",
            "model.onnx",
            "0".repeat(64),
            1,
            "x",
            "y",
            List.of(features),
            List.of("y"),
            List.of(new ModelManifest.Golden(row, new float[1])),
            0,
            ModelManifest.Lineage.UNKNOWN);
    return staged(Artifact.Kind.MODEL, "office", "model.json", manifest.toJson());
  }

  private Artifact flow(String model) throws IOException {
    String json =
        "{\"flow\":\"air\",\"inputs\":{\"t\":\"hall/temperature\"},\"features\":["
            + LAST.canonical()
            + ","
            + MEAN.canonical()
            + "],\"model\":\""
            + model
            + "\"}";
    return staged(Artifact.Kind.FLOW, "air", "flow.json", json.getBytes(UTF_8));
  }

  private Artifact staged(Artifact.Kind kind, String name, String file, byte[] content)
      throws IOException {
    Artifact artifact =
        new Artifact(
            kind, name, "1", List.of(new Artifact.File(file, Digests.sha256(content), 10 << 20)));
    Path directory = Files.createDirectories(staging.directory(artifact));
    Files.write(directory.resolve(file), content);
    return artifact;
  }

  private void passes(Artifact... to) {
    assertThatCode(() -> preflight.check(List.of(to), List.of(to))).doesNotThrowAnyException();
  }

  private org.assertj.core.api.ThrowableAssertAlternative<Refusal> refused(
      String code, Artifact... to) {
    return assertThatExceptionOfType(Refusal.class)
        .isThrownBy(() -> preflight.check(List.of(to), List.of(to)))
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  private void running(String model, FeatureSpec... features) {
    neighbours.flows.add(
        new FlowNeeds(
            "file-flow",
            Optional.of(model),
            List.of(features).stream().map(FeatureSpec::canonical).toList(),
            Set.of("hall")));
  }

  @Test
  void aModelThatTakesWhatTheFlowComputesPasses() throws Exception {
    passes(model(LAST, MEAN), flow("office"));
    passes(model(MEAN), flow("office"));
    running("office", MEAN, LAST);
    passes(model(LAST, MEAN));
  }

  @Test
  void aModelWithOtherFeaturesIsRefusedWhetherTheFlowIsStagedOrRuns() throws Exception {
    refused("model.signature", model(OTHER_MEAN), flow("office"))
        .withMessageContaining("PT20M")
        .withMessageContaining("flow [air]");
    running("office", LAST);
    refused("model.signature", model(LAST, MEAN)).withMessageContaining("flow [file-flow]");
    passes(staged(Artifact.Kind.MODEL, "another", "model.json", "of no flow".getBytes(UTF_8)));
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnythingIsSwitchedThoughItsHandlersLikeIt() throws Exception {
    Activation activation = new Activation(staging, neighbours, new FakeEvents());
    FakeHandler handler = new FakeHandler();
    activation.offer(Artifact.Kind.MODEL, handler);
    activation.offer(Artifact.Kind.FLOW, handler);
    activation.noticeHandlers();
    activation.check(List.of(model(LAST, MEAN), flow("office")));
    assertThatExceptionOfType(Refusal.class)
        .isThrownBy(() -> activation.check(List.of(model(OTHER_MEAN), flow("office"))))
        .satisfies(e -> assertThat(e.code()).isEqualTo("model.signature"));
  }

  @Test
  void aFlowNeedsItsModelHereOrWithIt() throws Exception {
    refused("flow.no_model", flow("nowhere"));
    neighbours.models.put("nowhere", List.of(LAST.canonical()));
    passes(flow("nowhere"));
    neighbours.models.put("nowhere", List.of(OTHER_MEAN.canonical()));
    refused("model.signature", flow("nowhere"));
    passes(flow(""));
  }

  @Test
  void aFlowNeedsItsDevicesUnlessTheyMayComeWithIt() throws Exception {
    neighbours.devices = Set.of("cellar");
    refused("flow.no_device", flow("")).withMessageContaining("[hall]", "[cellar]");
    Artifact configuration =
        staged(Artifact.Kind.CONFIGURATION, "hall", "a.cfg", "x = 1".getBytes(UTF_8));
    passes(flow(""), configuration);
    neighbours.devices = Set.of("hall");
    passes(flow(""));
  }

  @Test
  void modelsThatDoNotFitIntoMemoryAreRefused() throws Exception {
    neighbours.free = 40L << 20;
    refused("artifact.no_memory", model(LAST)).withMessageContaining("[30 MB]");
    neighbours.free = 47L << 20;
    passes(model(LAST));
  }

  @Test
  void whatDoesNotChangeIsNotLookedAt() throws Exception {
    running("office", OTHER_MEAN);
    Artifact model = model(LAST);
    assertThatCode(() -> preflight.check(List.of(model), List.of())).doesNotThrowAnyException();
  }

  /** A deployment's: it goes where the next deployment leaves it out. */
  private void deployedModel(FeatureSpec... features) {
    neighbours.models.put(
        "office", List.of(features).stream().map(FeatureSpec::canonical).toList());
    neighbours.deployed.add("office");
  }

  @Test
  void aModelThatTheDeploymentLeavesOutIsNotThereForANewFlow() throws Exception {
    deployedModel(LAST);
    refused("flow.no_model", flow("office"))
        .withMessageContaining("flow [air]", "model [office]")
        .withMessageContaining("goes with this deployment")
        .withMessageContaining("deploy it with it");
    passes(flow("office"), model(LAST));
  }

  @Test
  void aFlowOfTheDeploymentThatStaysKeepsItsModel() throws Exception {
    deployedModel(LAST);
    Artifact same = flow("office");
    assertThatExceptionOfType(Refusal.class)
        .as("nothing comes, the model goes")
        .isThrownBy(() -> preflight.check(List.of(same), List.of()))
        .satisfies(e -> assertThat(e.code()).isEqualTo("flow.no_model"));
    neighbours.deployed.clear();
    assertThatCode(() -> preflight.check(List.of(same), List.of())).doesNotThrowAnyException();
  }

  /**
   * Else a hub that takes a bad model back, to what was there before the first, would be refused.
   */
  @Test
  void aFlowOfAFileKeepsNoModelThatIsTakenBack() throws Exception {
    deployedModel(LAST);
    running("office", LAST);

    assertThatCode(() -> preflight.check(List.of(), List.of())).doesNotThrowAnyException();
    passes(flow(""));
  }

  @Test
  void aFlowThatGoesWithItsModelAsksForNothing() throws Exception {
    deployedModel(LAST);
    running("office", LAST);
    neighbours.deployed.add("file-flow");
    passes(flow(""));
    assertThatCode(() -> preflight.check(List.of(), List.of())).doesNotThrowAnyException();
  }

  @Test
  void aModelOfAFileComesBackWhenTheDeploymentsGoes() throws Exception {
    deployedModel(LAST);
    neighbours.waiting.put("office", List.of(MEAN.canonical()));
    Artifact same = flow("office");
    passes(same);
    neighbours.waiting.put("office", List.of(OTHER_MEAN.canonical()));
    assertThatExceptionOfType(Refusal.class)
        .isThrownBy(() -> preflight.check(List.of(same), List.of()))
        .satisfies(e -> assertThat(e.code()).isEqualTo("model.signature"));
    neighbours.waiting.put("office", List.of(LAST.canonical()));
    assertThatCode(() -> preflight.check(List.of(same), List.of())).doesNotThrowAnyException();
  }
}
