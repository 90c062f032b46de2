package io.selvedge.training;

import io.selvedge.protocol.model.ModelManifest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Chooses the rows by which a gateway recognises the model: the surest row of each class, the least
 * sure one, and the smallest and largest value of every feature together. Their outputs come from
 * ONNX Runtime.
 */
final class Golden {

  private Golden() {}

  static List<ModelManifest.Golden> choose(float[][] rows, byte[] onnx) throws TrainingException {
    try (OnnxRun run = new OnnxRun(onnx)) {
      float[][] outputs = run.predict(rows);
      List<float[]> chosen = new ArrayList<>();
      for (int index : indices(outputs)) {
        chosen.add(rows[index]);
      }
      chosen.add(extreme(rows, false));
      chosen.add(extreme(rows, true));
      float[][] inputs = chosen.toArray(new float[0][]);
      float[][] expected = run.predict(inputs);
      List<ModelManifest.Golden> golden = new ArrayList<>();
      for (int i = 0; i < inputs.length; i++) {
        golden.add(new ModelManifest.Golden(inputs[i], expected[i]));
      }
      return golden;
    }
  }

  private static Set<Integer> indices(float[][] outputs) {
    Set<Integer> indices = new LinkedHashSet<>();
    for (int c = 0; c < outputs[0].length; c++) {
      int surest = 0;
      for (int i = 1; i < outputs.length; i++) {
        surest = outputs[i][c] > outputs[surest][c] ? i : surest;
      }
      indices.add(surest);
    }
    int leastSure = 0;
    for (int i = 1; i < outputs.length; i++) {
      leastSure = highest(outputs[i]) < highest(outputs[leastSure]) ? i : leastSure;
    }
    indices.add(leastSure);
    return indices;
  }

  private static float highest(float[] row) {
    return row[Rows.argmax(row)];
  }

  private static float[] extreme(float[][] rows, boolean largest) {
    float[] extreme = rows[0].clone();
    for (float[] row : rows) {
      for (int j = 0; j < extreme.length; j++) {
        extreme[j] = largest ? Math.max(extreme[j], row[j]) : Math.min(extreme[j], row[j]);
      }
    }
    return extreme;
  }
}
