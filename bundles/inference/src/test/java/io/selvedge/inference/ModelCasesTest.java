package io.selvedge.inference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.deployment.DeploymentStatus.State;
import io.selvedge.api.deployment.TrialStatus;
import io.selvedge.api.device.Value;
import io.selvedge.api.flow.Decision;
import io.selvedge.api.model.ModelException;
import io.selvedge.api.model.Prediction;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.deployment.DeploymentRig;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.SignedEnvelope;
import io.selvedge.protocol.deployment.Trial;
import io.selvedge.protocol.json.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Good and bad models go through a whole deployment on the real engine while the live one answers:
 * each bad one is taken back with the right reason, and none of them costs a single answer.
 */
class ModelCasesTest {

  @TempDir Path root;

  private final KeyPair key = Keys.generate();
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final ModelTrials trials = new ModelTrials();
  private final FakeEvents events = new FakeEvents();
  private final LiveModels models = new LiveModels(events, Clock.systemUTC(), trials);
  private final DeployedModels deployed =
      new DeployedModels(new ModelLoader(Engine.getEngine("OnnxRuntime")), models, trials);
  private final LabelRequests labels = new LabelRequests(trials, models);
  private final Random random = new Random(3);
  private long seconds;
  private DeploymentRig rig;

  ModelCasesTest() throws IOException {}

  /** The live one says 10 % too much, so a right one is better. */
  @BeforeEach
  void oneIsLive() throws Exception {
    Path trust = Files.createDirectories(root.resolve("conf/trust"));
    Files.writeString(trust.resolve("hub.pub"), Keys.publicText(key.getPublic()));
    rig = new DeploymentRig(root, deployed, new Hub(), events);
    deploy(1, "", artifact(model("1", 1.1f), model("1", 1.1f)));
    await(status -> status.revision() == 1);
  }

  @AfterEach
  void close() {
    rig.close();
    models.close();
  }

  @Test
  void oneOfWrongShapeIsRefused() throws Exception {
    TestModel wide = model("2", 1);
    wide.features = 4;
    deploy(2, "", artifact(wide, model("2", 1)));
    refused("model.wrong_signature");
  }

  /** Its digest is right, because it was damaged before it was registered. */
  @Test
  void oneWithSilentlyCorruptedWeightsIsRefused() throws Exception {
    deploy(2, "", artifact(model("2", 1.25f), model("2", 1)));
    refused("model.golden_mismatch");
  }

  @Test
  void oneSlowerThanItsDeadlineIsRefusedFromTheShadow() throws Exception {
    TestModel slow = model("2", 1.1f);
    slow.detours = 1000; // some milliseconds on any machine
    deploy(
        2,
        "{\"shadow\":{\"rows\":20,\"seconds\":60,\"max_latency_p99_ms\":1}}",
        artifact(slow, slow));
    refused("trial.latency");
  }

  @Test
  void onePlausibleButWorseIsRefusedFromTheShadow() throws Exception {
    TestModel worse = model("2", 1.5f);
    deploy(
        2,
        "{\"shadow\":{\"rows\":100,\"seconds\":60,\"min_agreement\":0.9},\"live\":{\"rows\":10}}",
        artifact(worse, worse));
    refused("trial.agreement");
  }

  @Test
  void onePlausibleButWorseIsTakenBackByItsLabels() throws Exception {
    TestModel worse = model("2", 1.5f);
    deploy(
        2,
        "{\"live\":{\"seconds\":3,\"min_accuracy\":0.9,\"min_labels\":20}}",
        artifact(worse, worse));
    DeploymentStatus status = await(s -> s.state() == State.REVERTED && version().equals("1"));
    assertThat(status.code()).isEqualTo("trial.accuracy");
    assertThat(status.revision()).isEqualTo(1);
    assertThat(status.trial().orElseThrow().figures().accuracy().orElseThrow()).isLessThan(0.5);
    assertThat(events.codes()).contains("trial.accuracy");
  }

  @Test
  void aBetterOneIsKept() throws Exception {
    TestModel better = model("2", 1);
    deploy(
        2,
        "{\"shadow\":{\"rows\":50,\"seconds\":60,\"max_error_rate\":0},"
            + "\"live\":{\"seconds\":3,\"min_accuracy\":0.9,\"min_labels\":20,"
            + "\"max_input_drift\":0.25,\"max_error_rate\":0}}",
        artifact(better, better));
    DeploymentStatus status = await(s -> s.state() == State.ACTIVE && s.revision() == 2);
    TrialStatus trial = status.trial().orElseThrow();
    assertThat(trial.verdict()).as("%s", trial).isEqualTo(TrialStatus.Verdict.BETTER);
    assertThat(trial.figures().accuracy()).hasValue(1);
    assertThat(trial.figures().accuracyBefore().orElseThrow()).isLessThan(0.5);
  }

  private String version() {
    return models.find("sum").orElseThrow().ref().version();
  }

  private void refused(String code) throws Exception {
    DeploymentStatus status = await(s -> s.state() == State.REFUSED);
    assertThat(status.code()).isEqualTo(code);
    assertThat(status.revision()).isEqualTo(1);
    assertThat(models.find("sum").orElseThrow().ref().version()).isEqualTo("1");
  }

  private static TestModel model(String version, float weight) {
    TestModel model = new TestModel("sum", version).weight(weight);
    model.outputs = 1;
    return model;
  }

  /**
   * @param graph what is in the file
   * @param described what the manifest says of it, but for its digest
   */
  private Artifact artifact(TestModel graph, TestModel described) {
    byte[] onnx = graph.onnx();
    return new Artifact(
        Artifact.Kind.MODEL,
        "sum",
        described.version,
        List.of(
            file("model.json", described.manifest("model.onnx", onnx).toJson()),
            file("model.onnx", onnx)));
  }

  private Artifact.File file(String path, byte[] bytes) {
    blobs.put(TestModel.sha256(bytes), bytes);
    return new Artifact.File(path, TestModel.sha256(bytes), bytes.length);
  }

  private void deploy(long revision, String trial, Artifact artifact) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    DeploymentDocument document =
        new DeploymentDocument("gw-1", revision, now, now.plusSeconds(3600), List.of(artifact))
            .with(
                trial.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Trial.parse(Fields.parse("trial", trial.getBytes(UTF_8)))));
    Reply reply =
        rig.put(
            SignedEnvelope.sign(DeploymentDocument.PAYLOAD_TYPE, document.toJson(), key).toJson());
    assertThat(reply.message()).isEmpty();
  }

  /** Asks the live model all the while, as a flow would, and labels some of what it says. */
  private DeploymentStatus await(Predicate<DeploymentStatus> there) throws Exception {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    DeploymentStatus status = rig.status();
    while (!there.test(status) && System.nanoTime() < end) {
      if (models.find("sum").isPresent()) {
        ask();
      }
      Thread.sleep(2);
      status = rig.status();
    }
    assertThat(there.test(status)).as("%s %s", status, events.codes()).isTrue();
    return status;
  }

  private void ask() throws ModelException {
    float[] row = {random.nextInt(100) + 10, random.nextInt(100), random.nextInt(100)};
    Prediction prediction = models.predict("sum", new float[][] {row});
    Instant time = Instant.ofEpochSecond(seconds++);
    labels.decided(
        new Decision(
            "flow",
            "1",
            time,
            Optional.of(prediction.model()),
            Map.of("x0", (double) row[0], "x1", (double) row[1], "x2", (double) row[2]),
            Map.of(),
            List.of(),
            List.of(),
            Decision.Placement.EDGE,
            Map.of()));
    String body =
        "{\"labels\":[{\"flow\":\"flow\",\"time\":\""
            + time
            + "\",\"value\":"
            + (row[0] + row[1] + row[2])
            + "}]}";
    Reply reply =
        labels.handle(new Request(Request.Method.PUT, "labels", Map.of(), body.getBytes(UTF_8)));
    assertThat(reply.code()).isEqualTo(200);
  }

  /** Serves files out of memory. */
  private final class Hub implements Uplink {

    @Override
    public CompletionStage<Long> send(Message message) {
      return CompletableFuture.completedFuture(1L);
    }

    @Override
    public CompletionStage<Reply> request(String app, Request request, Duration timeout) {
      byte[] file = blobs.get(request.resource());
      if (file == null) {
        return CompletableFuture.completedFuture(Reply.error(404, "not here"));
      }
      int offset = number(request, "offset");
      int length = number(request, "length");
      return CompletableFuture.completedFuture(
          new Reply(
              200,
              "",
              Map.of("size", Value.of((long) file.length)),
              Arrays.copyOfRange(file, offset, Math.min(file.length, offset + length))));
    }

    private static int number(Request request, String metric) {
      return (int) request.metrics().getOrDefault(metric, Value.of(-1L)).number().orElseThrow();
    }

    @Override
    public Status status() {
      return new Status(true, "memory", Instant.EPOCH, "", "memory", 0, 0, Map.of(), 0);
    }
  }
}
