package io.selvedge.bench.rollout;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A stranger's model with the line's two columns in front and two outputs behind: pre- and
 * post-processing within the graph, as models of gateways are to have it. Not one node of the
 * stranger's is changed.
 */
final class Mapped {

  static final String INPUT = "line_x";
  static final String OUTPUT = "line_y";

  private static final long INT64 = 7;
  private static final long SAMPLES = 576; // 512 and 64 before them, at 16 kHz

  private Mapped() {}

  /**
   * An image model: input {@code [n, 3, height, width]}; the row becomes a surface of one
   * brightness.
   *
   * @param outputs how many dimensions its output has; two: it has two classes already
   */
  static byte[] image(byte[] onnx, long height, long width, int outputs) throws IOException {
    ModelProto model = parse(onnx);
    GraphProto.Builder graph = model.getGraph().toBuilder();
    String input = graph.getInput(0).getName();
    List<NodeProto> before = new ArrayList<>();
    before.add(
        OnnxGraph.with(OnnxGraph.node("ReduceMean", "line_mean", INPUT), "axes", new Long[] {1L}));
    before.add(OnnxGraph.node("Reshape", "line_point", "line_mean", "line_one_point"));
    before.add(OnnxGraph.node("Expand", input, "line_point", "line_surface"));
    graph
        .clearInput()
        .addInitializer(OnnxGraph.longs("line_one_point", -1, 1, 1, 1))
        .addInitializer(OnnxGraph.longs("line_surface", 1, 3, height, width));
    List<NodeProto> after = new ArrayList<>();
    String output = graph.getOutput(0).getName();
    if (outputs == 2) {
      after.add(OnnxGraph.node("Identity", OUTPUT, output));
    } else {
      Long[] axes = outputs == 3 ? new Long[] {1L, 2L} : new Long[] {1L, 2L, 3L};
      NodeProto most =
          OnnxGraph.with(OnnxGraph.node("ReduceMax", "line_most", output), "axes", axes);
      after.add(OnnxGraph.with(most, "keepdims", 0));
      graph.addInitializer(OnnxGraph.longs("line_column", -1, 1));
      after.add(OnnxGraph.node("Reshape", "line_p", "line_most", "line_column"));
      twoClasses(graph, after, "line_p");
    }
    return whole(model, graph, before, after);
  }

  /** Silero's voice detector: the row becomes a tone, its memory is empty. */
  static byte[] voice(byte[] onnx) throws IOException {
    ModelProto model = parse(onnx);
    GraphProto.Builder graph = model.getGraph().toBuilder();
    List<NodeProto> before = new ArrayList<>();
    graph
        .clearInput()
        .addInitializer(OnnxGraph.scalar("line_rate", 16_000))
        .addInitializer(OnnxGraph.longs("line_times", 1, SAMPLES / 2))
        .addInitializer(OnnxGraph.floats("line_zero", new float[] {0}, 1))
        .addInitializer(OnnxGraph.longs("line_thin", 2, -1, 1))
        .addInitializer(OnnxGraph.longs("line_thick", 2, 1, 128));
    before.add(OnnxGraph.node("Mul", "line_zeros", INPUT, "line_zero"));
    before.add(
        OnnxGraph.with(
            OnnxGraph.node("Transpose", "line_turned", "line_zeros"), "perm", new Long[] {1L, 0L}));
    before.add(OnnxGraph.node("Reshape", "line_memory", "line_turned", "line_thin"));
    before.add(OnnxGraph.node("Expand", "state", "line_memory", "line_thick"));
    // Computed from the row: with constants ONNX Runtime 1.26 looks into the branch of an If that
    // is
    // for another rate, and does not take it.
    before.add(
        OnnxGraph.with(OnnxGraph.node("ReduceSum", "line_nothing", "line_zeros"), "keepdims", 0));
    before.add(OnnxGraph.with(OnnxGraph.node("Cast", "line_none", "line_nothing"), "to", INT64));
    before.add(OnnxGraph.node("Add", "sr", "line_none", "line_rate"));
    before.add(OnnxGraph.node("Add", "line_often", "line_times", "line_none"));
    before.add(OnnxGraph.node("Tile", "input", INPUT, "line_often"));
    List<NodeProto> after = new ArrayList<>();
    twoClasses(graph, after, "output");
    return whole(model, graph, before, after);
  }

  private static void twoClasses(GraphProto.Builder graph, List<NodeProto> after, String p) {
    graph.addInitializer(OnnxGraph.floats("line_unit", new float[] {1}, 1));
    after.add(OnnxGraph.node("Sub", "line_not_p", "line_unit", p));
    after.add(OnnxGraph.with(OnnxGraph.node("Concat", OUTPUT, "line_not_p", p), "axis", 1));
  }

  private static byte[] whole(
      ModelProto model, GraphProto.Builder graph, List<NodeProto> before, List<NodeProto> after) {
    List<NodeProto> theirs = List.copyOf(graph.getNodeList());
    graph
        .clearNode()
        .addAllNode(before)
        .addAllNode(theirs)
        .addAllNode(after)
        .addInput(OnnxGraph.matrix(INPUT, 2))
        .clearOutput()
        .addOutput(OnnxGraph.matrix(OUTPUT, 2));
    return model.toBuilder().setGraph(graph).build().toByteArray();
  }

  private static ModelProto parse(byte[] onnx) throws IOException {
    try {
      return ModelProto.parseFrom(onnx);
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("the package's file is no ONNX", e);
    }
  }
}
