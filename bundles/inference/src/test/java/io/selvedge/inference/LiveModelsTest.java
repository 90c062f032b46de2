package io.selvedge.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import io.selvedge.api.model.ModelException;
import io.selvedge.api.model.ModelStatus;
import io.selvedge.api.model.Prediction;
import io.selvedge.inference.LiveModels.Origin;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveModelsTest {

  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final float[][] ONES = {{1, 1, 1}};

  @TempDir Path directory;

  private final ModelLoader loader = new ModelLoader(Engine.getEngine("OnnxRuntime"));
  private final FakeEvents events = new FakeEvents();
  private final LiveModels models =
      new LiveModels(events, Clock.fixed(NOW, ZoneOffset.UTC), new ModelTrials());

  @AfterEach
  void close() {
    models.close();
  }

  private LoadedModel load(String name, String version, float weight) throws ModelException {
    return loader.load(
        new TestModel(name, version).weight(weight).writeTo(directory.resolve(name + version)));
  }

  @Test
  void aLiveModelTellsWhatItIsAndPredicts() throws Exception {
    models.put(Origin.FILE, load("sum", "1", 2));

    Prediction prediction = models.predict("sum", ONES);

    assertThat(prediction.rows()[0]).containsExactly(6, 6);
    ModelStatus status = models.find("sum").orElseThrow();
    assertThat(status.ref()).isEqualTo(prediction.model());
    assertThat(status.origin()).isEqualTo("file");
    assertThat(status.features()).containsExactly("x0", "x1", "x2");
    assertThat(status.featureDefinitions())
        .startsWith("{\"name\":\"x0\",\"of\":\"x0\",\"op\":\"last\"}");
    assertThat(status.outputs()).containsExactly("y0", "y1");
    assertThat(status.since()).isEqualTo(NOW);
    assertThat(status.predictions()).isEqualTo(1);
    assertThat(events.codes()).containsExactly("model.live");
  }

  @Test
  void anUnknownModelIsNamedTogetherWithThoseThatAreLive() throws Exception {
    models.put(Origin.FILE, load("sum", "1", 2));
    assertThatThrownBy(() -> models.predict("product", ONES))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.code()).isEqualTo("model.unknown"))
        .hasMessage("model [product] is not live, live are [sum]");
  }

  @Test
  void aDeploymentWinsOverAFileAndTheFileTakesOverWhenItGoes() throws Exception {
    models.put(Origin.FILE, load("sum", "file-1", 1));
    models.put(Origin.DEPLOYMENT, load("sum", "7", 2));
    assertThat(version()).isEqualTo("7");

    models.put(Origin.FILE, load("sum", "file-2", 3));
    assertThat(version()).as("a newer file waits").isEqualTo("7");
    assertThat(events.codes()).containsExactly("model.live", "model.live");
    assertThat(models.waiting())
        .isEqualTo(Map.of("sum", models.find("sum").orElseThrow().featureDefinitions()));

    models.remove(Origin.DEPLOYMENT, "sum");
    assertThat(models.waiting()).as("it is live").isEmpty();
    assertThat(version()).isEqualTo("file-2");
    assertThat(models.predict("sum", ONES).rows()[0]).containsExactly(9, 9);

    models.remove(Origin.FILE, "sum");
    assertThat(models.list()).isEmpty();
    assertThat(events.codes()).endsWith("model.live", "model.retired");
  }

  @Test
  void removingWhatIsNotThereChangesNothing() throws Exception {
    models.put(Origin.FILE, load("sum", "1", 1));
    models.remove(Origin.DEPLOYMENT, "sum");
    models.remove(Origin.FILE, "product");
    assertThat(version()).isEqualTo("1");
  }

  @Test
  void whatWasSwappedOutIsFreedAndWhatIsClosedTakesNothing() throws Exception {
    LoadedModel first = load("sum", "1", 1);
    models.put(Origin.FILE, first);
    LoadedModel second = load("sum", "2", 1);
    models.put(Origin.FILE, second);
    assertThat(first.acquire()).as("freed").isFalse();

    models.close();
    assertThat(second.acquire()).as("freed").isFalse();
    assertThat(models.list()).isEmpty();
  }

  /** Each prediction comes from exactly one version, and none is lost, while versions change. */
  @Test
  void twoHundredSwapsUnderLoadCauseNoError() throws Exception {
    models.put(Origin.FILE, load("sum", "0", 1));
    AtomicBoolean stop = new AtomicBoolean();
    Semaphore predicted = new Semaphore(0);
    ExecutorService pool = Executors.newFixedThreadPool(2);
    List<Future<Integer>> loads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int rows = i == 0 ? 1 : 16;
      loads.add(pool.submit(() -> predictUntil(stop, predicted, rows)));
    }
    for (int version = 1; version <= 200; version++) {
      models.put(Origin.FILE, load("sum", String.valueOf(version), version % 7 + 1));
      predicted.drainPermits();
      assertThat(predicted.tryAcquire(3, 10, TimeUnit.SECONDS)).as("predictions go on").isTrue();
    }
    stop.set(true);
    int versionsSeen = 0;
    for (Future<Integer> load : loads) {
      versionsSeen = Math.max(versionsSeen, load.get(10, TimeUnit.SECONDS));
    }
    pool.shutdown();

    assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(version()).isEqualTo("200");
    assertThat(versionsSeen).as("versions met by one thread").isGreaterThan(50);
  }

  private int predictUntil(AtomicBoolean stop, Semaphore predicted, int count)
      throws ModelException {
    float[][] rows = new float[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = new float[] {i + 1, 0, 0};
    }
    int changes = 0;
    String before = "";
    while (!stop.get()) {
      Prediction prediction = models.predict("sum", rows);
      String version = prediction.model().version();
      float weight = version.equals("0") ? 1 : Integer.parseInt(version) % 7 + 1;
      for (int i = 0; i < count; i++) {
        if (prediction.rows()[i][0] != (i + 1) * weight) {
          throw new AssertionError("version " + version + " gave " + prediction.rows()[i][0]);
        }
      }
      changes += version.equals(before) ? 0 : 1;
      before = version;
      predicted.release();
    }
    return changes;
  }

  private String version() {
    return models.find("sum").orElseThrow().ref().version();
  }
}
