package io.selvedge.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Finds weights by gradient descent (Adam, Kingma and Ba 2015) over shuffled batches; the step gets
 * shorter along half a cosine. Each class counts the same, however many rows it has; large weights
 * cost. The same rows, options and seed give the same weights on one machine.
 */
final class Fit {

  /**
   * How to search.
   *
   * @param epochs passes over the rows
   * @param batch rows a step
   * @param rate first length of a step
   * @param penalty on the sum of squared weights
   * @param seed for the order of the rows
   */
  record Options(int epochs, int batch, float rate, float penalty, long seed) {}

  /** Told after each epoch; says whether to go on. */
  interface Watcher {
    boolean after(int epoch, double loss, DjlNetwork network) throws TrainingException;
  }

  /**
   * @param network as it was when training ended
   * @param losses mean loss of each epoch done
   */
  record Fitted(Network network, List<Double> losses) {}

  private final Options options;
  private final float[][] features;
  private final int[] labels;
  private final int classes;
  private final float[] classWeight;

  Fit(Options options, float[][] features, int[] labels, int classes) {
    this.options = options;
    this.features = features;
    this.labels = labels;
    this.classes = classes;
    this.classWeight = classWeights(labels, classes);
  }

  /** Rows of a class weigh so that every class has the same sum, and a row weighs 1 on average. */
  static float[] classWeights(int[] labels, int classes) {
    int[] count = Samples.count(labels, classes);
    float[] weights = new float[classes];
    for (int i = 0; i < classes; i++) {
      weights[i] = count[i] == 0 ? 0 : (float) labels.length / (classes * count[i]);
    }
    return weights;
  }

  /**
   * @param start weights to begin with
   * @throws TrainingException the loss is no longer a number ({@code training.diverged})
   */
  Fitted run(Network start, Watcher watcher) throws TrainingException {
    int batches = (features.length + options.batch() - 1) / options.batch();
    Tracker rate =
        Tracker.cosine()
            .setBaseValue(options.rate())
            .optFinalValue(options.rate() / 100)
            .setMaxUpdates(Math.max(1, options.epochs() * batches))
            .build();
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(Adam.builder().optLearningRateTracker(rate).build());
    try (DjlNetwork network = new DjlNetwork(start);
        Trainer trainer = network.trainer(config)) {
      List<Double> losses = new ArrayList<>();
      int[] order = identity(features.length);
      Random random = new Random(options.seed());
      for (int epoch = 1; epoch <= options.epochs(); epoch++) {
        shuffle(order, random);
        double loss = epoch(trainer, network, order);
        if (!Double.isFinite(loss)) {
          throw new TrainingException(
              "training.diverged",
              "loss ["
                  + loss
                  + "] of epoch "
                  + epoch
                  + " must be a number; look for features with extreme values");
        }
        losses.add(loss);
        if (!watcher.after(epoch, loss, network)) {
          break;
        }
      }
      return new Fitted(network.read(), losses);
    }
  }

  private double epoch(Trainer trainer, DjlNetwork network, int[] order) {
    double sum = 0;
    for (int from = 0; from < order.length; from += options.batch()) {
      int to = Math.min(order.length, from + options.batch());
      sum += step(trainer, network, order, from, to) * (to - from);
    }
    return sum / order.length;
  }

  /**
   * One step. No operand may be a bare number here: DJL 0.35.1 makes a tensor of it over a Java
   * buffer and lets go of that at once, while PyTorch still needs it for the gradient; after a
   * garbage collection in between the gradient is noise. The manager holds on to arrays.
   */
  private float step(Trainer trainer, DjlNetwork network, int[] order, int from, int to) {
    int rows = to - from;
    int columns = features[0].length;
    float[] x = new float[rows * columns];
    float[] y = new float[rows * classes];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(features[order[from + i]], 0, x, i * columns, columns);
      int label = labels[order[from + i]];
      y[i * classes + label] = -classWeight[label] / rows;
    }
    try (NDManager manager = trainer.getManager().newSubManager();
        GradientCollector gradients = trainer.newGradientCollector()) {
      NDArray weighted = manager.create(y, new Shape(rows, classes));
      NDArray penalty = manager.create(options.penalty());
      NDArray logits =
          trainer
              .forward(new NDList(manager.create(x, new Shape(rows, columns))))
              .singletonOrThrow();
      NDArray loss = logits.logSoftmax(-1).mul(weighted).sum();
      NDArray total = loss;
      for (NDArray weight : network.weights()) {
        NDArray squares = weight.mul(weight);
        squares.attach(manager); // else it stays until training ends
        total = total.add(squares.sum().mul(penalty));
      }
      gradients.backward(total);
      float value = loss.getFloat();
      trainer.step();
      return value;
    }
  }

  /** Mean loss over rows that are not trained on, each class weighing the same. */
  static double loss(float[][] probabilities, int[] labels, int classes) {
    float[] weights = classWeights(labels, classes);
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      sum -= weights[labels[i]] * Math.log(Math.max(1e-7, probabilities[i][labels[i]]));
    }
    return sum / labels.length;
  }

  private static int[] identity(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    return order;
  }

  private static void shuffle(int[] order, Random random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
  }
}
