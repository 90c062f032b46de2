package io.selvedge.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class FitTest {

  private static final int ROWS = 600;

  /** Two classes that no straight line parts: exclusive or of the signs. */
  @Test
  void aHiddenLayerLearnsWhatALineCannot() throws Exception {
    float[][] features = plane();
    int[] labels = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      labels[i] = features[i][0] * features[i][1] > 0 ? 1 : 0;
    }

    assertThat(accuracy(Network.Kind.MLP, features, labels)).isGreaterThan(0.93);
    assertThat(accuracy(Network.Kind.LOGISTIC, features, labels)).isLessThan(0.75);
  }

  @Test
  void aRareClassCountsAsMuchAsAFrequentOne() throws Exception {
    // One column, classes overlapping: 5 % of class 1 about +1, the rest about -1.
    Random random = new Random(2);
    float[][] features = new float[2000][1];
    int[] labels = new int[2000];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 20 == 0 ? 1 : 0;
      features[i][0] = (float) ((labels[i] == 1 ? 1 : -1) + random.nextGaussian());
    }

    Network network = fit(Network.Kind.LOGISTIC, features, labels, 0.01f).network();

    // The border between equally heavy classes lies in the middle, not out at the rare one.
    try (DjlNetwork djl = new DjlNetwork(network).initialized()) {
      float[][] middle = djl.predict(new float[][] {{-0.3f}, {0.3f}});
      assertThat(middle[0][1]).isLessThan(0.5f);
      assertThat(middle[1][1]).isGreaterThan(0.5f);
    }
    assertThat(Fit.classWeights(labels, 2))
        .containsExactly(new float[] {0.526f, 10f}, within(0.001f));
  }

  @Test
  void saysThatItDiverged() {
    float[][] features = plane();
    int[] labels = new int[ROWS];
    labels[0] = 1;

    assertThatThrownBy(() -> fit(Network.Kind.MLP, features, labels, 1e30f))
        .isInstanceOfSatisfying(
            TrainingException.class, e -> assertThat(e.code()).isEqualTo("training.diverged"))
        .hasMessageContaining("of epoch");
  }

  /** DJL frees the memory of numbers too early: see the comment in Fit. */
  @Test
  void garbageCollectionsDoNotReachTheWeights() throws Exception {
    float[][] features = plane();
    int[] labels = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      labels[i] = features[i][0] + features[i][1] > 0 ? 1 : 0;
    }
    byte[] quiet = onnx(features, labels);

    AtomicBoolean done = new AtomicBoolean();
    Thread collector =
        new Thread(
            () -> {
              while (!done.get()) {
                System.gc();
              }
            },
            "garbage-collector");
    collector.start();
    try {
      byte[] disturbed = onnx(features, labels);

      assertThat(Arrays.equals(disturbed, quiet)).isTrue();
    } finally {
      done.set(true);
      collector.join();
    }
  }

  @Test
  void stopsWhenTheWatcherSaysSo() throws Exception {
    Fit.Options options = new Fit.Options(50, 64, 0.01f, 0, 1);
    float[][] features = plane();
    int[] labels = new int[ROWS];
    labels[0] = 1;

    Fit.Fitted fitted =
        new Fit(options, features, labels, 2)
            .run(
                Network.untrained(Network.Kind.MLP, Scaling.of(features), 2, 1),
                (epoch, loss, network) -> epoch < 4);

    assertThat(fitted.losses()).hasSize(4);
  }

  private static double accuracy(Network.Kind kind, float[][] features, int[] labels)
      throws TrainingException {
    try (DjlNetwork djl =
        new DjlNetwork(fit(kind, features, labels, 0.03f).network()).initialized()) {
      return Confusion.of(labels, djl.predict(features), 2).accuracy();
    }
  }

  private static Fit.Fitted fit(Network.Kind kind, float[][] features, int[] labels, float rate)
      throws TrainingException {
    return new Fit(new Fit.Options(40, 64, rate, 1e-4f, 1), features, labels, 2)
        .run(Network.untrained(kind, Scaling.of(features), 2, 1), (epoch, loss, network) -> true);
  }

  private static byte[] onnx(float[][] features, int[] labels) throws TrainingException {
    Network network =
        new Fit(new Fit.Options(10, 32, 0.03f, 1e-3f, 1), features, labels, 2)
            .run(
                Network.untrained(Network.Kind.MLP, Scaling.of(features), 2, 1),
                (epoch, loss, now) -> true)
            .network();
    return OnnxExport.bytes(network, "test", Map.of());
  }

  private static float[][] plane() {
    Random random = new Random(1);
    float[][] features = new float[ROWS][2];
    for (float[] row : features) {
      row[0] = (float) random.nextGaussian();
      row[1] = (float) random.nextGaussian();
    }
    return features;
  }
}
