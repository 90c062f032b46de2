package io.selvedge.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import io.selvedge.api.model.ModelException;
import io.selvedge.protocol.model.ModelManifest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Rows to the graph's input tensor and its output tensor to rows. A batch is given whole, because
 * ONNX Runtime's tensors cannot be stacked by DJL. The input goes through a direct buffer that is
 * kept, so an instance belongs to one predictor and is used by one thread at a time.
 */
final class RowsTranslator implements NoBatchifyTranslator<float[][], float[][]> {

  private final ModelManifest manifest;
  private FloatBuffer buffer;

  RowsTranslator(ModelManifest manifest) {
    this.manifest = manifest;
    this.buffer = allocate(manifest.features().size());
  }

  @Override
  public NDList processInput(TranslatorContext context, float[][] rows) {
    int columns = manifest.features().size();
    if (buffer.capacity() < rows.length * columns) {
      buffer = allocate(rows.length * columns);
    }
    buffer.clear();
    for (float[] row : rows) {
      buffer.put(row);
    }
    buffer.flip();
    NDArray input = context.getNDManager().create(buffer, new Shape(rows.length, columns));
    input.setName(manifest.input());
    return new NDList(input);
  }

  @Override
  public float[][] processOutput(TranslatorContext context, NDList list) throws ModelException {
    NDArray output = find(list);
    long[] shape = output.getShape().getShape();
    int columns = manifest.outputs().size();
    if (output.getDataType() != DataType.FLOAT32 || shape.length != 2 || shape[1] != columns) {
      throw new ModelException(
          "model.wrong_signature",
          "output ["
              + manifest.output()
              + "] is "
              + output.getDataType()
              + " "
              + Arrays.toString(shape)
              + ", must be float32 [batch, "
              + columns
              + "], one column an output of the manifest");
    }
    float[] flat = output.toFloatArray();
    float[][] rows = new float[(int) shape[0]][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * columns, (i + 1) * columns);
    }
    return rows;
  }

  private NDArray find(NDList list) throws ModelException {
    for (NDArray array : list) {
      if (manifest.output().equals(array.getName())) {
        return array;
      }
    }
    throw new ModelException(
        "model.wrong_signature",
        "the graph has no output ["
            + manifest.output()
            + "], it has "
            + list.stream().map(NDArray::getName).toList()
            + "; correct the manifest's output");
  }

  private static FloatBuffer allocate(int floats) {
    return ByteBuffer.allocateDirect(floats * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}
