package io.selvedge.itest;

import io.selvedge.protocol.feature.FeatureSpec;
import io.selvedge.protocol.model.ModelManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A real ONNX model of three inputs and two outputs, both the weighted sum of the inputs. One
 * weight for all, so that an output tells which model made it.
 */
record Sum(String version, float weight) {

  /** Gemm, opset 17, all six weights 1. */
  private static final String ONNX =
      "CAgSDXNlbHZlZGdlLXRlc3Q6pQEKJQoIZmVhdHVyZXMKAVcKAWISB291dHB1dHMaBGdlbW0iBEdlbW0SA3N1bSoj"
          + "CAMIAhABQgFXShgAAIA/AACAPwAAgD8AAIA/AACAPwAAgD8qEQgCEAFCAWJKCAAAAAAAAAAAWh8KCGZlYXR1"
          + "cmVzEhMKEQgBEg0KBxIFYmF0Y2gKAggDYh4KB291dHB1dHMSEwoRCAESDQoHEgViYXRjaAoCCAJCAhAR";

  byte[] onnx() {
    byte[] bytes = Base64.getDecoder().decode(ONNX);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i + Float.BYTES <= bytes.length; i++) {
      if (buffer.getFloat(i) == 1) {
        buffer.putFloat(i, weight);
      }
    }
    return bytes;
  }

  /** The manifest; its golden row expects what a model of this weight computes. */
  byte[] manifest(String file, float expectedWeight) {
    byte[] onnx = onnx();
    return new ModelManifest(
            "sum",
            version,
            file,
            sha256(onnx),
            onnx.length,
            "features",
            "outputs",
            List.of(
                FeatureSpec.last("a", "a"), FeatureSpec.last("b", "b"), FeatureSpec.last("c", "c")),
            List.of("sum", "again"),
            List.of(
                new ModelManifest.Golden(
                    new float[] {1, 1, 1}, new float[] {3 * expectedWeight, 3 * expectedWeight})),
            1e-4,
            ModelManifest.Lineage.UNKNOWN)
        .toJson();
  }

  /** Puts it into a folder as a person would: the model first. */
  void write(Path folder, float expectedWeight) throws IOException {
    Files.write(folder.resolve("sum.onnx"), onnx());
    Files.write(folder.resolve("sum.model.json"), manifest("sum.onnx", expectedWeight));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
