package io.selvedge.training;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * Writes a {@link Network} as an ONNX model: opset 17, IR 8, {@code float32 [batch, columns]} in
 * and out, scaling and softmax inside the graph. The same network gives the same bytes.
 *
 * <p>Operators: ONNX specification, Operators.md: Sub 14, Div 14, Gemm 13, Tanh 13, Softmax 13.
 */
final class OnnxExport {

  static final String INPUT = "features";
  static final String OUTPUT = "probabilities";
  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private String last = INPUT;
  private int nodes;

  private OnnxExport() {}

  /**
   * @param network trained
   * @param name the graph's name
   * @param metadata goes into {@code metadata_props}, in the map's order
   */
  static byte[] bytes(Network network, String name, Map<String, String> metadata) {
    return new OnnxExport().model(network, name, metadata).toByteArray();
  }

  private ModelProto model(Network network, String name, Map<String, String> metadata) {
    graph.setName(name);
    graph.addInput(tensor(INPUT, network.inputs()));
    graph.addOutput(tensor(OUTPUT, network.outputs()));
    for (Layer layer : network.layers()) {
      add(layer);
    }
    NodeProto.Builder softmax = node("Softmax", last);
    softmax.addAttribute(whole("axis", -1));
    graph.addNode(softmax.setOutput(0, OUTPUT));
    ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(IR_VERSION);
    model.setProducerName("selvedge").setGraph(graph);
    model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET));
    metadata.forEach(
        (key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build();
  }

  private void add(Layer layer) {
    if (layer instanceof Layer.Scale scale) {
      graph.addNode(node("Sub", last, constant(scale.mean(), 1, scale.mean().length)));
      graph.addNode(node("Div", last, constant(scale.deviation(), 1, scale.deviation().length)));
    } else if (layer instanceof Layer.Dense dense) {
      String weight = constant(dense.weight(), dense.outputs(), dense.inputs());
      String bias = constant(dense.bias(), dense.outputs());
      graph.addNode(node("Gemm", last, weight, bias).addAttribute(whole("transB", 1)));
    } else {
      graph.addNode(node("Tanh", last));
    }
  }

  private NodeProto.Builder node(String op, String... inputs) {
    last = "t" + ++nodes;
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(op).setName(op + "_" + nodes);
    for (String input : inputs) {
      node.addInput(input);
    }
    return node.addOutput(last);
  }

  private static AttributeProto whole(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  /** Adds the numbers to the graph, little endian as the format asks, and says their name. */
  private String constant(float[] numbers, long... shape) {
    String name = "w" + (graph.getInitializerCount() + 1);
    ByteBuffer raw =
        ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(numbers);
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT.getNumber());
    for (long dim : shape) {
      tensor.addDims(dim);
    }
    graph.addInitializer(tensor.setRawData(ByteString.copyFrom(raw)));
    return name;
  }

  private static ValueInfoProto tensor(String name, long columns) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"));
    shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(columns));
    TypeProto.Tensor.Builder type =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT.getNumber())
            .setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(type))
        .build();
  }
}
