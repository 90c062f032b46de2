package io.selvedge.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A classifier as plain numbers: layers, and a softmax at the end. The one description from which
 * both the block that DJL trains and the ONNX graph are made.
 *
 * @param layers in order; the last gives one column a class
 */
record Network(List<Layer> layers) {

  /** Cells of the hidden layer of {@link Kind#MLP}. */
  static final int HIDDEN = 16;

  /** The networks on offer; in JSON in lower case. */
  enum Kind {
    /** One dense layer: the outputs are a smooth step along one direction of the features. */
    LOGISTIC,
    /** A hidden layer of {@value Network#HIDDEN} tanh cells before it. */
    MLP
  }

  Network {
    layers = List.copyOf(layers);
  }

  /**
   * An untrained network; the same seed gives the same weights on every machine.
   *
   * @param scale brings the features to mean 0 and deviation 1
   * @param outputs number of classes
   */
  static Network untrained(Kind kind, Layer.Scale scale, int outputs, long seed) {
    Random random = new Random(seed);
    int inputs = scale.mean().length;
    List<Layer> layers = new ArrayList<>();
    layers.add(scale);
    int columns = inputs;
    if (kind == Kind.MLP) {
      layers.add(dense(inputs, HIDDEN, random));
      layers.add(new Layer.Tanh());
      columns = HIDDEN;
    }
    layers.add(dense(columns, outputs, random));
    return new Network(layers);
  }

  /** Weights by Glorot and Bengio (2010), normal; no bias. */
  private static Layer.Dense dense(int inputs, int outputs, Random random) {
    double deviation = Math.sqrt(2.0 / (inputs + outputs));
    float[] weight = new float[inputs * outputs];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (float) (random.nextGaussian() * deviation);
    }
    return new Layer.Dense(inputs, outputs, weight, new float[outputs]);
  }

  /** Columns in. */
  int inputs() {
    for (Layer layer : layers) {
      if (layer instanceof Layer.Scale scale) {
        return scale.mean().length;
      }
      if (layer instanceof Layer.Dense dense) {
        return dense.inputs();
      }
    }
    throw new IllegalStateException("network has no layer that says how many columns it takes");
  }

  /** Columns out. */
  int outputs() {
    int outputs = inputs();
    for (Layer layer : layers) {
      if (layer instanceof Layer.Dense dense) {
        outputs = dense.outputs();
      }
    }
    return outputs;
  }
}
