package io.selvedge.bench.transfer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/**
 * Files that lie on the disk as ONNX models do: a graph, then each layer's weights as raw floats,
 * one layer after the other with its name and shape before it.
 */
final class Models {

  private static final int LAYERS = 24;

  private final int bytes;
  private final float[] weights;

  Models(int bytes, long seed) {
    this.bytes = bytes;
    weights = new float[bytes / Float.BYTES];
    Random random = new Random(seed);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian() * 0.05f;
    }
  }

  private Models(int bytes, float[] weights) {
    this.bytes = bytes;
    this.weights = weights;
  }

  /** As a file. */
  byte[] file(String producer) {
    ByteBuffer out =
        ByteBuffer.allocate(bytes + LAYERS * 256 + 4096).order(ByteOrder.LITTLE_ENDIAN);
    out.put(
        ("ONNX " + producer + " graph: " + "MatMul Add Relu ".repeat(LAYERS))
            .getBytes(StandardCharsets.UTF_8));
    int each = weights.length / LAYERS;
    for (int layer = 0; layer < LAYERS; layer++) {
      int end = layer == LAYERS - 1 ? weights.length : (layer + 1) * each;
      out.put(("layer." + layer + ".weight float [" + each + "]").getBytes(StandardCharsets.UTF_8));
      for (int i = layer * each; i < end; i++) {
        out.putFloat(weights[i]);
      }
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  /** The last share of all weights is trained anew: the head of a network. */
  Models withHead(double share, long seed) {
    return with((int) (weights.length * (1 - share)), weights.length, 1, seed);
  }

  /** So many runs of weights all over, together this share: some layers. */
  Models withRuns(int runs, double share, long seed) {
    Models changed = this;
    int length = (int) (weights.length * share / runs);
    for (int run = 0; run < runs; run++) {
      int from = weights.length / runs * run + length;
      changed = changed.with(from, from + length, 1, seed + run);
    }
    return changed;
  }

  /** Every n-th weight: what training of all layers on with a sparse update does. */
  Models withEach(int step, long seed) {
    return with(0, weights.length, step, seed);
  }

  private Models with(int from, int to, int step, long seed) {
    float[] changed = weights.clone();
    Random random = new Random(seed);
    for (int i = from; i < to; i += step) {
      changed[i] += (float) random.nextGaussian() * 0.001f;
    }
    return new Models(bytes, changed);
  }
}
