package io.selvedge.inference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.engine.Engine;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.ArtifactException;
import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.flow.Decision;
import io.selvedge.api.model.ModelException;
import io.selvedge.api.model.ModelRef;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.protocol.model.ModelManifest;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trials on the real engine. */
class ModelTrialTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path directory;

  private final Random random = new Random(4);
  private final ModelTrials trials = new ModelTrials();
  private final LiveModels models = new LiveModels(new FakeEvents(), Clock.systemUTC(), trials);
  private final ModelLoader loader = new ModelLoader(Engine.getEngine("OnnxRuntime"));
  private final DeployedModels deployed = new DeployedModels(loader, models, trials);
  private final LabelRequests labels = new LabelRequests(trials, models);

  @AfterEach
  void close() {
    models.close();
  }

  @Test
  void inTheShadowItDecidesNothingAndIsComparedRowByRow() throws Exception {
    live(one("1", 1));
    Artifact next = staged(one("2", 2));
    assertThat(deployed.shadow(next, path(next))).isTrue();

    for (int i = 0; i < 50; i++) {
      assertThat(predict(1, 1, 1)).isEqualTo(3);
    }

    TrialFigures figures = await(next, f -> f.rows() == 50);
    assertThat(figures.errors()).isZero();
    assertThat(figures.agreement()).hasValue(0);
    assertThat(figures.latencyP99Millis()).isPresent();
    assertThat(models.find("sum").orElseThrow().ref().version()).isEqualTo("1");
    deployed.endTrial(next);
    assertThat(deployed.figures(next)).isEqualTo(TrialFigures.NONE);
    assertThat(predict(1, 1, 1)).isEqualTo(3);
  }

  @Test
  void oneThatSaysTheSameAgreesAndDoesNotDrift() throws Exception {
    live(one("1", 1));
    predictAtRandom(400, 0);
    Artifact next = staged(one("2", 1.001f));
    deployed.shadow(next, path(next));
    predictAtRandom(200, 0);

    TrialFigures figures = await(next, f -> f.rows() >= 150);
    assertThat(figures.agreement()).hasValue(1);
    assertThat(figures.inputDrift().orElseThrow()).isLessThan(0.1);
    assertThat(figures.outputDrift().orElseThrow()).isLessThan(0.1);
  }

  @Test
  void inputsOfAnotherKindAreADrift() throws Exception {
    live(one("1", 1));
    predictAtRandom(400, 0);
    live(one("2", 1));
    Artifact second = artifact("2");
    deployed.watch(second, Optional.of(path(artifact("1"))));
    predictAtRandom(200, 2);

    TrialFigures figures =
        await(second, f -> f.inputDrift().orElse(0) > 1 && f.outputDrift().isPresent());
    assertThat(figures.rows()).isEqualTo(200);
    assertThat(figures.inputDrift().orElseThrow()).isGreaterThan(1);
    // The old one says the same of these rows.
    assertThat(figures.outputDrift().orElseThrow()).isLessThan(0.1);
  }

  @Test
  void aSlowOneDelaysNobodyAndItsTimeIsTold() throws Exception {
    live(one("1", 1));
    TestModel slow = one("2", 1);
    slow.detours = 300;
    Artifact next = staged(slow);
    double alone = millisAlone(next);
    deployed.shadow(next, path(next));

    Latencies live = new Latencies();
    for (int i = 0; i < 3000; i++) {
      long begin = System.nanoTime();
      predict(1, 1, 1);
      live.add(System.nanoTime() - begin);
    }

    TrialFigures figures = await(next, f -> f.rows() >= 3);
    assertThat(figures.latencyP99Millis().orElseThrow()).isGreaterThan(alone / 2);
    assertThat(live.percentile(0.5).orElseThrow()).isLessThan(alone / 4);
    assertThat(figures.rows()).as("what did not fit was left out").isLessThan(3000);
  }

  /** The least that a row takes on this machine. */
  private double millisAlone(Artifact artifact) throws Exception {
    LoadedModel model = loader.load(path(artifact).resolve(ModelManifest.FILE_NAME));
    double least = Double.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long begin = System.nanoTime();
      model.predict(new float[][] {{1, 1, 1}});
      least = Math.min(least, (System.nanoTime() - begin) / 1e6);
    }
    model.release();
    return least;
  }

  /** Else a trial may be judged by a row that is counted and not yet compared. */
  @Test
  void sharesAreOfOneMoment() throws Exception {
    live(one("1", 1));
    Artifact next = staged(one("2", 1));
    deployed.shadow(next, path(next));
    ModelTrial trial = trials.find("sum").orElseThrow();
    AtomicBoolean enough = new AtomicBoolean();
    AtomicInteger torn = new AtomicInteger();
    Thread judge =
        new Thread(
            () -> {
              while (!enough.get()) {
                TrialFigures now = trial.figures();
                boolean whole =
                    now.agreement().orElse(1) == 1
                        && now.accuracy().orElse(1) == 1
                        && now.accuracyBefore().orElse(1) == 1;
                torn.addAndGet(whole ? 0 : 1);
              }
            },
            "test-judge");
    judge.start();
    for (int i = 0; i < 3000; i++) {
      trial.compare(new ModelTrial.Row(new float[] {1, 1, 1}, new float[] {3}));
      trial.labelled(new float[] {1, 1, 1}, "3");
    }
    enough.set(true);
    judge.join();
    assertThat(torn).hasValue(0);
    assertThat(trial.figures().labels()).isEqualTo(3000);
    assertThat(trial.figures().accuracy()).hasValue(1);
  }

  /** Else they would run in memory that is freed, and end the process. */
  @Test
  void rowsThatWaitBehindTheEndOfATrialAreLeft() throws Exception {
    live(one("1", 1));
    TestModel slow = one("2", 1);
    slow.detours = 300;
    Artifact next = staged(slow);
    deployed.shadow(next, path(next));
    ModelTrial trial = trials.find("sum").orElseThrow();
    for (int i = 0; i < 400; i++) {
      predict(1, 1, 1);
    }
    deployed.endTrial(next);
    long compared = trial.figures().rows();

    CountDownLatch behind = new CountDownLatch(1);
    while (!trials.later(behind::countDown)) {
      Thread.onSpinWait(); // until there is room behind the rows that wait
    }
    assertThat(behind.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(trial.figures().rows()).isLessThanOrEqualTo(compared + 2);
  }

  /** Not the row's fault: the engine gives way, in the shadow and live. */
  @Test
  void oneThatBreaksHasFailedAndTheThreadOfTheTrialsGoesOn() throws Exception {
    live(one("1", 1));
    for (Error error : List.of(new UnsatisfiedLinkError("none"), new StackOverflowError())) {
      Artifact next = artifact("2");
      LoadedModel broken = new LoadedModel(manifest(one("2", 2)), breaking(error));
      trials.begin("sum", new ModelTrial(broken, models.use("sum"), false, List.of()));
      assertThat(predict(1, 1, 1)).isEqualTo(3);
      ModelTrial trial = trials.find("sum").orElseThrow();
      while (trial.figures().errors() == 0) {
        Thread.onSpinWait();
      }
      assertThatExceptionOfType(ArtifactException.class)
          .isThrownBy(() -> deployed.figures(next))
          .withMessageContaining("ended its run with [" + error + "]")
          .matches(e -> e.code().equals("trial.broken"));
      assertThat(trial.figures().errors()).isEqualTo(1);
      deployed.endTrial(next);
    }
    CountDownLatch behind = new CountDownLatch(2);
    assertThat(
            trials.later(
                () -> {
                  behind.countDown();
                  throw new StackOverflowError();
                }))
        .isTrue();
    assertThat(trials.later(behind::countDown)).isTrue();
    assertThat(behind.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void oneThatBreaksAgainAndAgainIsRunNoMore() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    LoadedModel broken =
        new LoadedModel(manifest(one("2", 2)), breaking(new StackOverflowError(), runs));
    for (int i = 0; i < 3 * LoadedModel.MOST_ENDS; i++) {
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(() -> broken.run(new float[][] {{1, 1, 1}}))
          .matches(e -> e.code().equals(LoadedModel.BROKEN));
    }
    assertThat(runs).hasValue(LoadedModel.MOST_ENDS);
  }

  /** A model in whose engine something is wrong. */
  private static Model breaking(Error error) {
    return breaking(error, new AtomicInteger());
  }

  private static Model breaking(Error error, AtomicInteger runs) {
    return (Model)
        Proxy.newProxyInstance(
            Model.class.getClassLoader(),
            new Class<?>[] {Model.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("newPredictor")) {
                runs.incrementAndGet();
                throw error;
              }
              return null;
            });
  }

  @Test
  void whileItIsLiveItsErrorsCountAndTheOldOneRunsBeside() throws Exception {
    live(one("1", 1));
    live(one("2", 1e38f)); // overflows for large inputs
    Artifact second = artifact("2");
    deployed.watch(second, Optional.of(path(artifact("1"))));

    assertThat(predict(1, 1, 1)).isGreaterThan(1e38f);
    for (int i = 0; i < 3; i++) {
      Optional<ModelException> refused = refused(1e10f, 0, 0);
      assertThat(refused.orElseThrow().code()).isEqualTo("model.wrong_output");
    }
    assertThat(refused(Float.NaN, 0, 0).orElseThrow().code()).isEqualTo("model.wrong_input");

    TrialFigures figures = await(second, f -> f.agreement().isPresent());
    assertThat(figures.rows()).isEqualTo(4);
    assertThat(figures.errors()).as("those of the caller do not count").isEqualTo(3);
    assertThat(figures.agreement()).hasValue(0);
  }

  @Test
  void labelsThatComeBackTellBothModelsApart() throws Exception {
    live(one("1", 1));
    live(one("2", 2));
    Artifact second = artifact("2");
    deployed.watch(second, Optional.of(path(artifact("1"))));
    ModelRef ref = models.find("sum").orElseThrow().ref();
    for (int i = 0; i < 4; i++) {
      labels.decided(decision(NOON.plusSeconds(i), ref));
    }

    Reply reply =
        label(
            "{\"flow\":\"office\",\"time\":\"2026-03-01T12:00:00Z\",\"value\":20}",
            "{\"flow\":\"office\",\"time\":\"2026-03-01T12:00:01Z\",\"value\":20}",
            "{\"flow\":\"office\",\"time\":\"2026-03-01T12:00:02Z\",\"value\":10}",
            "{\"flow\":\"office\",\"time\":\"2026-03-01T12:00:02Z\",\"value\":10}",
            "{\"flow\":\"other\",\"time\":\"2026-03-01T12:00:03Z\",\"value\":10}");

    assertThat(new String(reply.body(), UTF_8)).isEqualTo("{\"taken\":3,\"unknown\":2}");
    TrialFigures figures = await(second, f -> f.labels() == 3);
    assertThat(figures.accuracy().orElseThrow()).isCloseTo(2 / 3.0, within(1e-9));
    assertThat(figures.accuracyBefore().orElseThrow()).isCloseTo(1 / 3.0, within(1e-9));
  }

  @Test
  void labelsThatAreNoneAreRefused() {
    assertThat(label("{\"flow\":\"office\",\"time\":\"2026-03-01T12:00:00Z\"}").message())
        .startsWith("model.malformed_labels")
        .contains("either [label] or [value]");
    assertThat(label("{\"flow\":\"office\",\"time\":\"noon\",\"value\":1}").code()).isEqualTo(400);
    Request other = new Request(Request.Method.GET, "labels", Map.of(), new byte[0]);
    assertThat(labels.handle(other).code()).isEqualTo(404);
  }

  @Test
  void anotherOrderOfTheSameInputsIsTheSameAndOthersCannotRunBeside() throws Exception {
    live(one("1", 1));
    TestModel more = one("2", 1);
    more.features = 4;
    Artifact next = staged(more);
    assertThat(deployed.shadow(next, path(next))).isFalse();
    assertThat(ModelTrial.columns(manifest(one("a", 1)), manifest(more))).containsExactly(0, 1, 2);
    assertThat(ModelTrial.columns(manifest(more), manifest(one("a", 1))))
        .containsExactly(0, 1, 2, -1);
  }

  @Test
  void withoutALiveOneThereIsNoShadow() throws Exception {
    Artifact first = staged(one("1", 1));
    assertThat(deployed.shadow(first, path(first))).isFalse();
    deployed.watch(first, Optional.empty());
    assertThat(deployed.figures(first)).isEqualTo(TrialFigures.NONE);
  }

  private static ModelManifest manifest(TestModel model) {
    return model.manifest("m", model.onnx());
  }

  private static TestModel one(String version, float weight) {
    TestModel model = new TestModel("sum", version).weight(weight);
    model.outputs = 1;
    return model;
  }

  private static Artifact artifact(String version) {
    return new Artifact(
        Artifact.Kind.MODEL,
        "sum",
        version,
        List.of(new Artifact.File("model.json", "0".repeat(64), 1)));
  }

  private Path path(Artifact artifact) {
    return directory.resolve(artifact.version());
  }

  private Artifact staged(TestModel model) {
    Artifact artifact = artifact(model.version);
    model.writeTo(path(artifact));
    return artifact;
  }

  private void live(TestModel model) throws Exception {
    Artifact artifact = staged(model);
    deployed.activate(artifact, path(artifact));
  }

  private float predict(float... row) throws ModelException {
    return models.predict("sum", new float[][] {row}).rows()[0][0];
  }

  private void predictAtRandom(int rows, float shift) throws Exception {
    for (int i = 0; i < rows; i++) {
      float x = (float) random.nextGaussian() + shift;
      predict(x, (float) random.nextGaussian(), (float) random.nextGaussian());
    }
  }

  private Optional<ModelException> refused(float... row) {
    try {
      predict(row);
      return Optional.empty();
    } catch (ModelException e) {
      return Optional.of(e);
    }
  }

  private static Decision decision(Instant time, ModelRef model) {
    return new Decision(
        "office",
        "1",
        time,
        Optional.of(model),
        Map.of("x0", 10.0, "x1", 0.0, "x2", 0.0),
        Map.of("y0", 20.0),
        List.of(),
        List.of(),
        Decision.Placement.EDGE,
        Map.of());
  }

  private Reply label(String... each) {
    byte[] body = ("{\"labels\":[" + String.join(",", each) + "]}").getBytes(UTF_8);
    return labels.handle(new Request(Request.Method.PUT, "labels", Map.of(), body));
  }

  private TrialFigures await(Artifact artifact, Predicate<TrialFigures> there) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    TrialFigures figures = deployed.figures(artifact);
    while (!there.test(figures) && System.nanoTime() < end) {
      Thread.sleep(5);
      figures = deployed.figures(artifact);
    }
    assertThat(there.test(figures)).as("%s", figures).isTrue();
    return figures;
  }
}
