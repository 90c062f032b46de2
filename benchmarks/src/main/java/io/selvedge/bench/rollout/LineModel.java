package io.selvedge.bench.rollout;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import io.selvedge.protocol.feature.FeatureSpec;
import io.selvedge.protocol.model.ModelManifest;
import io.selvedge.protocol.model.ModelManifest.Golden;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Models of a made-up line: is {@code x1 + x2} above zero? A logistic regression of two weights, as
 * ONNX, made here and not by the framework that is measured; and what can be wrong with one.
 */
final class LineModel {

  static final String NAME = "line";

  private static final long HEAVY = 2048; // columns and rows

  private LineModel() {}

  /** Names and bytes of an artifact's files. */
  static Map<String, byte[]> files(String version, byte[] onnx, List<Golden> golden) {
    return files(version, onnx, "x", "y", golden, 1e-4);
  }

  /**
   * The same.
   *
   * @param input name of the graph's input
   * @param output name of the graph's output
   */
  static Map<String, byte[]> files(
      String version,
      byte[] onnx,
      String input,
      String output,
      List<Golden> golden,
      double tolerance) {
    ModelManifest manifest =
        new ModelManifest(
            NAME,
            version,
            ModelManifest.MODEL_FILE_NAME,
            sha256(onnx),
            onnx.length,
            input,
            output,
            List.of(FeatureSpec.last("x1", "x1"), FeatureSpec.last("x2", "x2")),
            List.of("low", "high"),
            golden,
            tolerance,
            ModelManifest.Lineage.UNKNOWN);
    return Map.of(ModelManifest.FILE_NAME, manifest.toJson(), ModelManifest.MODEL_FILE_NAME, onnx);
  }

  /** One that is what it says it is; how good it is depends on its weights. */
  static Map<String, byte[]> sound(String version, float w1, float w2) {
    return files(version, graph(2, w1, w2, 0), golden(w1, w2));
  }

  /** Its graph wants a column more than its manifest says. */
  static Map<String, byte[]> wrongShape(String version) {
    return files(version, graph(3, 4, 4, 0), golden(4, 4));
  }

  /** One weight is another than when its golden rows were computed; every digest is right. */
  static Map<String, byte[]> corrupted(String version) {
    return files(version, graph(2, 4, -3, 0), golden(4, 4));
  }

  /**
   * Right, but a row takes long on the way.
   *
   * @param millis how long at least: of the processor's time, so that a model that was made while
   *     the machine was busy is as slow when it is not
   */
  static Map<String, byte[]> slow(String version, float w1, float w2, long millis)
      throws IOException {
    int products = 1;
    double took = processorMillisOfARow(graph(2, w1, w2, products));
    while (took < millis) {
      products = Math.max(products + 1, (int) Math.ceil(products * millis / took));
      took = processorMillisOfARow(graph(2, w1, w2, products));
    }
    return files(version, graph(2, w1, w2, products), golden(w1, w2));
  }

  /** ONNX Runtime works on the thread that asks it, here as in a gateway. */
  private static double processorMillisOfARow(byte[] onnx) throws IOException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    try (OnnxRun run = new OnnxRun(onnx, "x")) {
      double least = Double.MAX_VALUE;
      for (int i = 0; i < 3; i++) {
        long begun = threads.getCurrentThreadCpuTime();
        float[] unused = run.predict(0.5f, 0.25f);
        least = Math.min(least, (threads.getCurrentThreadCpuTime() - begun) / 1e6);
      }
      return least;
    }
  }

  private static List<Golden> golden(float w1, float w2) {
    return List.of(golden(w1, w2, 0.5f, 0.25f), golden(w1, w2, -0.75f, 0.5f));
  }

  private static Golden golden(float w1, float w2, float x1, float x2) {
    double high = 1 / (1 + Math.exp(-(w1 * x1 + w2 * x2)));
    return new Golden(new float[] {x1, x2}, new float[] {(float) (1 - high), (float) high});
  }

  /**
   * Softmax of {@code x · W}; the first class has weights of zero.
   *
   * @param products of large matrices on the way, which change nothing
   */
  private static byte[] graph(int columns, float w1, float w2, int products) {
    float[] weights = new float[columns * 2];
    weights[1] = w1;
    weights[3] = w2;
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("line")
            .addInput(OnnxGraph.matrix("x", columns))
            .addOutput(OnnxGraph.matrix("y", 2))
            .addInitializer(OnnxGraph.floats("w", weights, columns, 2))
            .addNode(OnnxGraph.node("MatMul", "z", "x", "w"));
    boolean slow = products > 0;
    if (slow) {
      burden(graph, products);
    }
    graph.addNode(OnnxGraph.node("Softmax", "y", slow ? "zz" : "z"));
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  /** Adds zero, found by multiplying large matrices that depend on the row. */
  private static void burden(GraphProto.Builder graph, int products) {
    graph
        .addInitializer(OnnxGraph.longs("side", HEAVY, HEAVY))
        .addInitializer(OnnxGraph.floats("tiny", new float[] {1e-9f}, 1))
        .addInitializer(OnnxGraph.floats("zero", new float[] {0}, 1))
        .addNode(OnnxGraph.node("ReduceMean", "mean", "x"))
        .addNode(OnnxGraph.node("Mul", "small", "mean", "tiny"))
        .addNode(OnnxGraph.node("Expand", "a", "small", "side"));
    for (int i = 0; i < products; i++) {
      graph.addNode(OnnxGraph.node("MatMul", "a" + (i + 1), i == 0 ? "a" : "a" + i, "a"));
    }
    graph
        .addNode(OnnxGraph.node("ReduceMean", "c", "a" + products))
        .addNode(OnnxGraph.node("Mul", "nothing", "c", "zero"))
        .addNode(OnnxGraph.node("Add", "zz", "z", "nothing"));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
