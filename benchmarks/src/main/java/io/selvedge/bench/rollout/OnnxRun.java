package io.selvedge.bench.rollout;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.util.Map;

/** ONNX Runtime by itself: what a model makes of a row, without a gateway. */
final class OnnxRun implements AutoCloseable {

  private final OrtSession session;
  private final String input;

  OnnxRun(byte[] onnx, String input) throws IOException {
    this.input = input;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      session = OrtEnvironment.getEnvironment().createSession(onnx, options);
    } catch (OrtException e) {
      throw new IOException("ONNX Runtime does not take the model", e);
    }
  }

  float[] predict(float... row) throws IOException {
    try (OnnxTensor in =
            OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), new float[][] {row});
        OrtSession.Result result = session.run(Map.of(input, in))) {
      return ((float[][]) result.get(0).getValue())[0];
    } catch (OrtException e) {
      throw new IOException("ONNX Runtime does not run the model", e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IOException(e);
    }
  }
}
