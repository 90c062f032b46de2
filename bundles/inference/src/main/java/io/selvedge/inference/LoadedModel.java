package io.selvedge.inference;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import io.selvedge.api.model.ModelException;
import io.selvedge.api.model.Prediction;
import io.selvedge.protocol.model.ModelManifest;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One version of a model in memory. It counts who uses it: whoever holds it (the live table) and
 * each prediction under way. The native memory is freed by the last of them, so a swap never pulls
 * the model away from under a prediction, and no prediction waits for a swap.
 *
 * <p>Predictors are kept for the next call, as many as there were predictions at the same time.
 */
final class LoadedModel {

  /** Largest batch, so that one call cannot take all memory. */
  static final int MOST_ROWS = 4096;

  /** Code of what an answer will never come from. */
  static final String BROKEN = "model.broken";

  /**
   * Then it is run no more until it is loaded anew: each left a predictor that nobody can close.
   */
  static final int MOST_ENDS = 8;

  private final ModelManifest manifest;
  private final Model model;
  private final Queue<Predictor<float[][], float[][]>> idle = new ConcurrentLinkedQueue<>();
  private final AtomicInteger users = new AtomicInteger(1);
  private final LongAdder predicted = new LongAdder();
  private final AtomicInteger ends = new AtomicInteger();
  private volatile @Nullable Error end;

  LoadedModel(ModelManifest manifest, Model model) {
    this.manifest = manifest;
    this.model = model;
  }

  ModelManifest manifest() {
    return manifest;
  }

  /** Rows predicted since it was loaded, golden ones not counted. */
  long predicted() {
    return predicted.sum();
  }

  /** True where it may be used; then {@link #release} must follow. False once it was given up. */
  boolean acquire() {
    int before;
    do {
      before = users.get();
      if (before == 0) {
        return false;
      }
    } while (!users.compareAndSet(before, before + 1));
    return true;
  }

  /** Ends a use; the last one frees the native memory. */
  void release() {
    if (users.decrementAndGet() == 0) {
      idle.forEach(Predictor::close);
      idle.clear();
      model.close();
    }
  }

  /** Only between {@link #acquire} and {@link #release}. */
  Prediction predict(float[][] rows) throws ModelException {
    check(rows);
    long before = System.nanoTime();
    float[][] outputs = run(rows);
    long nanos = System.nanoTime() - before;
    for (int i = 0; i < outputs.length; i++) {
      requireFinite(outputs[i], i);
    }
    predicted.add(rows.length);
    return new Prediction(manifest.ref(), manifest.outputs(), outputs, nanos);
  }

  /** The graph as it is, for rows that fit. */
  float[][] run(float[][] rows) throws ModelException {
    float[][] outputs;
    Predictor<float[][], float[][]> predictor = predictor();
    try {
      outputs = predictor.predict(rows);
    } catch (TranslateException e) {
      predictor.close();
      throw asModelException(e);
    } catch (Error e) {
      throw broken(e); // closing a predictor in that state could end the process
    }
    idle.add(predictor);
    if (outputs.length != rows.length) {
      throw new ModelException(
          "model.wrong_signature",
          "output ["
              + manifest.output()
              + "] has ["
              + outputs.length
              + "] rows for ["
              + rows.length
              + "]; the first dimension must be the batch");
    }
    return outputs;
  }

  private Predictor<float[][], float[][]> predictor() throws ModelException {
    Error last = end;
    if (last != null && ends.get() >= MOST_ENDS) {
      throw brokenBy(last);
    }
    try {
      Predictor<float[][], float[][]> known = idle.poll();
      return known == null ? model.newPredictor(new RowsTranslator(manifest)) : known;
    } catch (Error e) {
      throw broken(e);
    }
  }

  /** The engine itself gave way: a native library or the stack. Nobody's thread is to end by it. */
  private ModelException broken(Error e) {
    end = e;
    ends.incrementAndGet();
    return brokenBy(e);
  }

  private ModelException brokenBy(Error e) {
    return new ModelException(
        BROKEN, "model [" + manifest.ref() + "] ended its run with [" + e + "]", e);
  }

  private ModelException asModelException(TranslateException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    if (cause instanceof ModelException refused) {
      return refused;
    }
    return new ModelException(
        "model.wrong_signature",
        "the graph does not take float32 [batch, "
            + manifest.features().size()
            + "] as input ["
            + manifest.input()
            + "]: "
            + rootMessage(cause),
        e);
  }

  private static String rootMessage(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  private void check(float[][] rows) throws ModelException {
    if (rows.length == 0 || rows.length > MOST_ROWS) {
      throw wrongInput("has [" + rows.length + "] rows, must have 1 to " + MOST_ROWS);
    }
    int columns = manifest.features().size();
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != columns) {
        throw wrongInput(
            "row ["
                + i
                + "] has ["
                + rows[i].length
                + "] numbers, must have "
                + columns
                + ": "
                + manifest.features().stream().map(f -> f.name()).toList());
      }
      for (int j = 0; j < columns; j++) {
        if (!Float.isFinite(rows[i][j])) {
          throw wrongInput(
              "row ["
                  + i
                  + "] has ["
                  + rows[i][j]
                  + "] as "
                  + manifest.features().get(j).name()
                  + ", must be a finite number");
        }
      }
    }
  }

  private ModelException wrongInput(String what) {
    return new ModelException(
        "model.wrong_input", "input of model [" + manifest.name() + "] " + what);
  }

  private void requireFinite(float[] row, int index) throws ModelException {
    for (float number : row) {
      if (!Float.isFinite(number)) {
        throw new ModelException(
            "model.wrong_output",
            "model ["
                + manifest.ref()
                + "] makes "
                + Arrays.toString(row)
                + " of row ["
                + index
                + "], must be finite numbers; the input may lie far from what it was trained on");
      }
    }
  }
}
