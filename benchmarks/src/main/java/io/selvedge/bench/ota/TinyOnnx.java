package io.selvedge.bench.ota;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The smallest model there is, {@code y = x · w}, written field by field as onnx.proto numbers
 * them: its weight tells which one it is.
 */
final class TinyOnnx {

  private static final int FLOAT = 1;

  private TinyOnnx() {}

  static byte[] bytes(float weight) {
    byte[] raw = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(weight).array();
    byte[] tensor =
        message(
            out -> {
              out.writeInt64(1, 1); // dims
              out.writeInt64(1, 1);
              out.writeInt32(2, FLOAT);
              out.writeString(8, "w");
              out.writeByteArray(9, raw);
            });
    byte[] node =
        message(
            out -> {
              out.writeString(1, "x");
              out.writeString(1, "w");
              out.writeString(2, "y");
              out.writeString(4, "MatMul");
            });
    byte[] graph =
        message(
            out -> {
              part(out, 1, node);
              out.writeString(2, "tiny");
              part(out, 5, tensor);
              part(out, 11, matrix("x"));
              part(out, 12, matrix("y"));
            });
    byte[] opset = message(out -> out.writeInt64(2, 17));
    return message(
        out -> {
          out.writeInt64(1, 8); // IR version
          part(out, 7, graph);
          part(out, 8, opset);
        });
  }

  /** A value float32 [batch, 1]. */
  private static byte[] matrix(String name) {
    byte[] batch = message(out -> out.writeString(2, "batch"));
    byte[] one = message(out -> out.writeInt64(1, 1));
    byte[] shape =
        message(
            out -> {
              part(out, 1, batch);
              part(out, 1, one);
            });
    byte[] tensor =
        message(
            out -> {
              out.writeInt32(1, FLOAT);
              part(out, 2, shape);
            });
    byte[] type = message(out -> part(out, 1, tensor));
    return message(
        out -> {
          out.writeString(1, name);
          part(out, 2, type);
        });
  }

  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  private static void part(CodedOutputStream out, int field, byte[] message) throws IOException {
    out.writeBytes(field, ByteString.copyFrom(message));
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      fields.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
