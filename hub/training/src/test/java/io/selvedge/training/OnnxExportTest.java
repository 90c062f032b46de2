package io.selvedge.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The export against DJL, with random weights, so that no part of the graph can hide. */
class OnnxExportTest {

  private static final int COLUMNS = 7;
  private static final int CLASSES = 3;

  @ParameterizedTest
  @EnumSource(Network.Kind.class)
  void givesWhatDjlGives(Network.Kind kind) throws Exception {
    Network network = random(kind, 5);
    float[][] rows = rows(500);

    float[][] expected = djl(network, rows);

    assertThat(spread(expected)).as("outputs must not be saturated").isGreaterThan(0.2);
    assertThat(Training.requireSame(onnx(network), rows, expected)).isLessThan(1e-6);
  }

  @ParameterizedTest
  @EnumSource(Network.Kind.class)
  void noticesWhenOneWeightIsOff(Network.Kind kind) {
    Network network = random(kind, 6);
    float[][] rows = rows(500);
    float[][] expected = djl(network, rows);

    for (int layer = 0; layer < network.layers().size(); layer++) {
      Network other = withOneNumberOff(network, layer);
      if (!other.equals(network)) {
        assertThatThrownBy(() -> Training.requireSame(onnx(other), rows, expected))
            .as("layer %d", layer)
            .isInstanceOf(TrainingException.class)
            .hasMessageContaining("it must be below 1.0E-5");
      }
    }
  }

  @Test
  void refusesAnExportThatGivesNoNumber() {
    Network network = random(Network.Kind.LOGISTIC, 7);
    float[][] rows = rows(3);
    float[][] expected = djl(network, rows);
    expected[1][0] = Float.NaN;

    assertThatThrownBy(() -> Training.requireSame(onnx(network), rows, expected))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("[NaN]");
  }

  @Test
  void isTheSameBytesEachTime() {
    assertThat(onnx(random(Network.Kind.MLP, 8))).isEqualTo(onnx(random(Network.Kind.MLP, 8)));
  }

  @Test
  void takesAnyNumberOfRows() throws Exception {
    try (OnnxRun run = new OnnxRun(onnx(random(Network.Kind.MLP, 9)))) {
      assertThat(run.predict(rows(1))).hasDimensions(1, CLASSES);
      assertThat(run.predict(rows(64))).hasDimensions(64, CLASSES);
    }
  }

  @Test
  void aDamagedModelIsSaidToBeBroken() {
    byte[] onnx = onnx(random(Network.Kind.MLP, 10));
    byte[] half = java.util.Arrays.copyOf(onnx, onnx.length / 2);

    assertThatThrownBy(() -> new OnnxRun(half))
        .isInstanceOfSatisfying(
            TrainingException.class, e -> assertThat(e.code()).isEqualTo("training.export_broken"));
  }

  private static byte[] onnx(Network network) {
    return OnnxExport.bytes(network, "test", Map.of("selvedge.model", "test"));
  }

  private static float[][] djl(Network network, float[][] rows) {
    try (DjlNetwork djl = new DjlNetwork(network).initialized()) {
      return djl.predict(rows);
    }
  }

  /** Raw features as rooms have them: some far from zero, some tiny. */
  private static float[][] rows(int count) {
    Random random = new Random(count);
    float[][] rows = new float[count][COLUMNS];
    for (float[] row : rows) {
      for (int j = 0; j < COLUMNS; j++) {
        row[j] = (float) (20 * j + random.nextGaussian() * Math.pow(10, j - 3));
      }
    }
    return rows;
  }

  private static Network random(Network.Kind kind, long seed) {
    Random random = new Random(seed);
    float[] mean = new float[COLUMNS];
    float[] deviation = new float[COLUMNS];
    for (int j = 0; j < COLUMNS; j++) {
      mean[j] = 20f * j;
      deviation[j] = (float) Math.pow(10, j - 3);
    }
    List<Layer> layers = new ArrayList<>();
    Network untrained =
        Network.untrained(kind, new Layer.Scale(mean, deviation), CLASSES, random.nextLong());
    for (Layer layer : untrained.layers()) {
      if (layer instanceof Layer.Dense dense) {
        float[] bias = new float[dense.outputs()];
        for (int i = 0; i < bias.length; i++) {
          bias[i] = (float) random.nextGaussian() / 2;
        }
        layers.add(new Layer.Dense(dense.inputs(), dense.outputs(), dense.weight(), bias));
      } else {
        layers.add(layer);
      }
    }
    return new Network(layers);
  }

  private static Network withOneNumberOff(Network network, int at) {
    List<Layer> layers = new ArrayList<>(network.layers());
    Layer layer = layers.get(at);
    if (layer instanceof Layer.Dense dense) {
      float[] weight = dense.weight().clone();
      weight[0] += 1e-3f;
      layers.set(at, new Layer.Dense(dense.inputs(), dense.outputs(), weight, dense.bias()));
    } else if (layer instanceof Layer.Scale scale) {
      float[] deviation = scale.deviation().clone();
      deviation[0] *= 1.001f;
      layers.set(at, new Layer.Scale(scale.mean(), deviation));
    }
    return new Network(layers);
  }

  private static double spread(float[][] outputs) {
    float min = 1;
    float max = 0;
    for (float[] row : outputs) {
      min = Math.min(min, row[0]);
      max = Math.max(max, row[0]);
    }
    return max - min;
  }
}
