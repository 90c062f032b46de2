package io.selvedge.training;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;

/** Runs an exported model with ONNX Runtime, as a gateway will. One thread. */
final class OnnxRun implements AutoCloseable {

  private final OrtSession session;

  /**
   * @throws TrainingException ONNX Runtime does not take the model ({@code training.export_broken})
   */
  OnnxRun(byte[] model) throws TrainingException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      session = OrtEnvironment.getEnvironment().createSession(model, options);
    } catch (OrtException e) {
      throw broken(e);
    }
  }

  /**
   * Probabilities as ONNX Runtime computes them.
   *
   * @param rows features, one array a row
   * @return one array a row, one number a class
   */
  float[][] predict(float[][] rows) throws TrainingException {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    FloatBuffer flat = FloatBuffer.wrap(Rows.flatten(rows, columns));
    long[] shape = {rows.length, columns};
    try (OnnxTensor in = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), flat, shape);
        OrtSession.Result result = session.run(Map.of(OnnxExport.INPUT, in))) {
      return (float[][]) result.get(0).getValue();
    } catch (OrtException e) {
      throw broken(e);
    }
  }

  private static TrainingException broken(OrtException cause) {
    return new TrainingException(
        "training.export_broken",
        "the exported model does not run in ONNX Runtime: ["
            + cause.getMessage()
            + "]; it must; report this with the job file",
        cause);
  }

  @Override
  public void close() throws TrainingException {
    try {
      session.close();
    } catch (OrtException e) {
      throw broken(e);
    }
  }
}
