package io.selvedge.inference;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import io.selvedge.protocol.feature.FeatureSpec;
import io.selvedge.protocol.model.ModelManifest;
import io.selvedge.protocol.model.ModelManifest.Golden;
import io.selvedge.protocol.model.ModelManifest.Lineage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Makes real, tiny ONNX models: {@code y = x · W + b}, with a chosen number of inputs and outputs.
 * Every weight is the same, so that a model's outputs tell which model it is.
 */
final class TestModel {

  private static final int WIDE = 512;

  final String name;
  final String version;
  int features = 3;
  int outputs = 2;
  float weight = 1;
  float bias = 0;
  String input = "features";
  String output = "outputs";
  OnnxMl.TensorProto.DataType type = OnnxMl.TensorProto.DataType.FLOAT;
  boolean fixedBatch;
  boolean secondInput;

  /** Layers that change nothing and take their time, about 0.05 ms each. */
  int detours;

  TestModel(String name, String version) {
    this.name = name;
    this.version = version;
  }

  TestModel weight(float newWeight) {
    weight = newWeight;
    return this;
  }

  /** What the model makes of a row, computed here. */
  float[] expect(float[] row) {
    float sum = 0;
    for (float number : row) {
      sum += number * weight;
    }
    float[] expected = new float[outputs];
    Arrays.fill(expected, sum + bias);
    return expected;
  }

  byte[] onnx() {
    OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder().setName(name);
    graph.addInput(tensor(input, features));
    if (secondInput) {
      graph.addInput(tensor("second", features));
    }
    graph.addOutput(tensor(output, outputs));
    float[] weights = new float[features * outputs];
    Arrays.fill(weights, weight);
    float[] biases = new float[outputs];
    Arrays.fill(biases, bias);
    graph.addInitializer(constant("W", weights, features, outputs));
    graph.addInitializer(constant("b", biases, outputs));
    graph.addNode(
        OnnxMl.NodeProto.newBuilder()
            .setOpType("Gemm")
            .setName("gemm")
            .addInput(input)
            .addInput("W")
            .addInput("b")
            .addOutput(detours > 0 ? "straight" : output));
    if (detours > 0) {
      detour(graph);
    }
    return OnnxMl.ModelProto.newBuilder()
        .setIrVersion(8)
        .setProducerName("selvedge-test")
        .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  /** Widens the outputs, multiplies them by the unit matrix again and again, and narrows them. */
  private void detour(OnnxMl.GraphProto.Builder graph) {
    graph.addInitializer(constant("unit", unit(WIDE, WIDE), WIDE, WIDE));
    graph.addInitializer(constant("widen", unit(outputs, WIDE), outputs, WIDE));
    graph.addInitializer(constant("narrow", unit(WIDE, outputs), WIDE, outputs));
    multiply(graph, "straight", "widen", "d0");
    for (int i = 1; i <= detours; i++) {
      multiply(graph, "d" + (i - 1), "unit", "d" + i);
    }
    multiply(graph, "d" + detours, "narrow", output);
  }

  private static float[] unit(int rows, int columns) {
    float[] unit = new float[rows * columns];
    for (int i = 0; i < Math.min(rows, columns); i++) {
      unit[i * columns + i] = 1;
    }
    return unit;
  }

  private static void multiply(OnnxMl.GraphProto.Builder graph, String from, String by, String to) {
    graph.addNode(
        OnnxMl.NodeProto.newBuilder()
            .setOpType("MatMul")
            .setName(to)
            .addInput(from)
            .addInput(by)
            .addOutput(to));
  }

  ModelManifest manifest(String file, byte[] onnx) {
    List<FeatureSpec> specs = new ArrayList<>();
    for (int i = 0; i < features; i++) {
      specs.add(FeatureSpec.last("x" + i, "x" + i));
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      names.add("y" + i);
    }
    float[] ones = new float[features];
    Arrays.fill(ones, 1);
    return new ModelManifest(
        name,
        version,
        file,
        sha256(onnx),
        onnx.length,
        input,
        output,
        specs,
        names,
        List.of(new Golden(ones, expect(ones))),
        1e-4,
        Lineage.UNKNOWN);
  }

  /** Writes {@code model.onnx} and {@code model.json}, as in an artifact; returns the manifest. */
  Path writeTo(Path directory) {
    return write(directory, "model.json", "model.onnx");
  }

  Path write(Path directory, String manifestName, String file) {
    byte[] onnx = onnx();
    try {
      Files.createDirectories(directory);
      Files.write(directory.resolve(file), onnx);
      return Files.write(directory.resolve(manifestName), manifest(file, onnx).toJson());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private OnnxMl.ValueInfoProto tensor(String tensorName, int columns) {
    OnnxMl.TensorShapeProto.Dimension.Builder batch =
        OnnxMl.TensorShapeProto.Dimension.newBuilder();
    if (fixedBatch) {
      batch.setDimValue(1);
    } else {
      batch.setDimParam("batch");
    }
    return OnnxMl.ValueInfoProto.newBuilder()
        .setName(tensorName)
        .setType(
            OnnxMl.TypeProto.newBuilder()
                .setTensorType(
                    OnnxMl.TypeProto.Tensor.newBuilder()
                        .setElemType(type.getNumber())
                        .setShape(
                            OnnxMl.TensorShapeProto.newBuilder()
                                .addDim(batch)
                                .addDim(
                                    OnnxMl.TensorShapeProto.Dimension.newBuilder()
                                        .setDimValue(columns)))))
        .build();
  }

  private OnnxMl.TensorProto constant(String constantName, float[] values, long... dims) {
    boolean wide = type == OnnxMl.TensorProto.DataType.DOUBLE;
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * (wide ? 8 : 4)).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      if (wide) {
        raw.putDouble(value);
      } else {
        raw.putFloat(value);
      }
    }
    OnnxMl.TensorProto.Builder tensor =
        OnnxMl.TensorProto.newBuilder()
            .setName(constantName)
            .setDataType(type.getNumber())
            .setRawData(ByteString.copyFrom(raw.array()));
    for (long dim : dims) {
      tensor.addDims(dim);
    }
    return tensor.build();
  }
}
