package io.selvedge.itest;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import io.selvedge.protocol.feature.FeatureSpec;
import io.selvedge.protocol.model.ModelManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/** A real ONNX model of one weight: {@code y = weight · x}. Made outside the framework. */
final class TinyModel {

  private TinyModel() {}

  /** Writes {@code NAME.onnx} and {@code NAME.model.json}. */
  static void write(Path directory, String name, String version, float weight)
      throws IOException, GeneralSecurityException {
    byte[] onnx = onnx(weight);
    ModelManifest manifest =
        new ModelManifest(
            name,
            version,
            name + ".onnx",
            HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(onnx)),
            onnx.length,
            "x",
            "y",
            List.of(FeatureSpec.last("x", "x")),
            List.of("y"),
            List.of(new ModelManifest.Golden(new float[] {2}, new float[] {2 * weight})),
            1e-4,
            ModelManifest.Lineage.UNKNOWN);
    Files.createDirectories(directory);
    Files.write(directory.resolve(name + ".onnx"), onnx);
    Files.write(directory.resolve(name + ".model.json"), manifest.toJson());
  }

  private static byte[] onnx(float weight) {
    ByteBuffer raw = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(weight).flip();
    OnnxMl.GraphProto graph =
        OnnxMl.GraphProto.newBuilder()
            .setName("tiny")
            .addInput(matrix("x"))
            .addOutput(matrix("y"))
            .addInitializer(
                OnnxMl.TensorProto.newBuilder()
                    .setName("w")
                    .setDataType(OnnxMl.TensorProto.DataType.FLOAT.getNumber())
                    .addDims(1)
                    .addDims(1)
                    .setRawData(ByteString.copyFrom(raw)))
            .addNode(
                OnnxMl.NodeProto.newBuilder()
                    .setOpType("MatMul")
                    .addInput("x")
                    .addInput("w")
                    .addOutput("y"))
            .build();
    return OnnxMl.ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static OnnxMl.ValueInfoProto matrix(String name) {
    OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam("batch");
    shape.addDimBuilder().setDimValue(1);
    return OnnxMl.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            OnnxMl.TypeProto.newBuilder()
                .setTensorType(
                    OnnxMl.TypeProto.Tensor.newBuilder()
                        .setElemType(OnnxMl.TensorProto.DataType.FLOAT.getNumber())
                        .setShape(shape)))
        .build();
  }
}
