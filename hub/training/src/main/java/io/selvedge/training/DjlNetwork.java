package io.selvedge.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link Network} as DJL trains it: raw features in, logits out. Takes the network's weights in
 * and gives them back. One thread.
 */
final class DjlNetwork implements AutoCloseable {

  static {
    DjlSettings.apply();
  }

  private final Network spec;
  private final Model model;
  private final List<Linear> dense = new ArrayList<>();

  DjlNetwork(Network spec) {
    this.spec = spec;
    this.model = Model.newInstance("training", Device.cpu(), "PyTorch");
    SequentialBlock block = new SequentialBlock();
    for (Layer layer : spec.layers()) {
      add(block, layer);
    }
    model.setBlock(block);
  }

  private void add(SequentialBlock block, Layer layer) {
    if (layer instanceof Layer.Scale scale) {
      block.add(LambdaBlock.singleton(x -> scaled(x, scale), "scale"));
    } else if (layer instanceof Layer.Dense of) {
      Linear linear = Linear.builder().setUnits(of.outputs()).build();
      dense.add(linear);
      block.add(linear);
    } else {
      block.add(Activation.tanhBlock());
    }
  }

  private static NDArray scaled(NDArray x, Layer.Scale scale) {
    NDManager manager = x.getManager();
    return x.sub(manager.create(scale.mean())).div(manager.create(scale.deviation()));
  }

  /** A trainer of this network, which begins with the network's weights. The caller closes it. */
  Trainer trainer(TrainingConfig config) {
    Trainer trainer = model.newTrainer(config);
    trainer.initialize(new Shape(1, spec.inputs()));
    fill();
    return trainer;
  }

  /** For predicting alone. */
  DjlNetwork initialized() {
    model
        .getBlock()
        .initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, spec.inputs()));
    fill();
    return this;
  }

  private void fill() {
    int at = 0;
    for (Layer layer : spec.layers()) {
      if (layer instanceof Layer.Dense of) {
        Linear linear = dense.get(at++);
        parameter(linear, Parameter.Type.WEIGHT).set(of.weight());
        parameter(linear, Parameter.Type.BIAS).set(of.bias());
      }
    }
  }

  /** The weight matrices, for a penalty on their size. */
  List<NDArray> weights() {
    return dense.stream().map(linear -> parameter(linear, Parameter.Type.WEIGHT)).toList();
  }

  /** The network with the weights as they are now. */
  Network read() {
    List<Layer> layers = new ArrayList<>();
    int at = 0;
    for (Layer layer : spec.layers()) {
      if (layer instanceof Layer.Dense of) {
        Linear linear = dense.get(at++);
        layers.add(
            new Layer.Dense(
                of.inputs(),
                of.outputs(),
                parameter(linear, Parameter.Type.WEIGHT).toFloatArray(),
                parameter(linear, Parameter.Type.BIAS).toFloatArray()));
      } else {
        layers.add(layer);
      }
    }
    return new Network(layers);
  }

  private static NDArray parameter(Linear linear, Parameter.Type type) {
    return linear.getParameters().values().stream()
        .filter(p -> p.getType() == type)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("a dense layer has no " + type))
        .getArray();
  }

  /**
   * Probabilities as DJL computes them.
   *
   * @param rows features, one array a row
   * @return one array a row, one number a class
   */
  float[][] predict(float[][] rows) {
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDArray x = manager.create(rows);
      NDList out =
          model
              .getBlock()
              .forward(new ai.djl.training.ParameterStore(manager, false), new NDList(x), false);
      return Rows.unflatten(out.singletonOrThrow().softmax(-1).toFloatArray(), rows.length);
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
