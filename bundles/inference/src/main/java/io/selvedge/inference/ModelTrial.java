package io.selvedge.inference;

import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.model.ModelException;
import io.selvedge.api.model.Prediction;
import io.selvedge.protocol.feature.FeatureSpec;
import io.selvedge.protocol.model.ModelManifest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One model on trial: what it answers is counted, timed and compared with what the other one says
 * of the same row. In the shadow the other one is live and the one on trial runs here, on the
 * trials' thread; later it is the other way round. It uses both models until it is closed.
 */
final class ModelTrial implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ModelTrial.class);
  private static final int SAMPLE = 1024;

  /** A row that the live model has answered. */
  record Row(float[] input, float[] output) {}

  /** The other model, with where in its rows the columns of the one on trial lie. */
  private record Other(LoadedModel model, int[] columns) {}

  /** How many of all; whoever looks sees both numbers of one moment. */
  private static final class Share {
    private long part;
    private long all;

    synchronized void count(boolean counts) {
      all++;
      part += counts ? 1 : 0;
    }

    synchronized long all() {
      return all;
    }

    synchronized OptionalDouble share() {
      return all == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) part / all);
    }
  }

  private final LoadedModel subject;
  private final Optional<Other> other;
  private final boolean live;
  private final List<float[]> reference;
  private final RecentRows inputs = new RecentRows(SAMPLE);
  private final RecentRows outputs = new RecentRows(SAMPLE);
  private final RecentRows otherOutputs = new RecentRows(SAMPLE);
  private final Latencies latencies = new Latencies();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private final Share agreed = new Share();
  private final Share right = new Share();
  private final Share otherRight = new Share();
  private volatile boolean closed;
  private volatile Optional<ModelException> broken = Optional.empty();

  /**
   * Takes over one use of each model.
   *
   * @param live whether the one on trial is live, or runs beside the live one
   * @param reference rows of the model on trial as they were before, to tell a drift by
   */
  ModelTrial(
      LoadedModel subject, Optional<LoadedModel> other, boolean live, List<float[]> reference) {
    this.subject = subject;
    this.other =
        other.map(model -> new Other(model, columns(subject.manifest(), model.manifest())));
    this.live = live;
    this.reference = reference;
  }

  /**
   * Where each input of the one lies in a row of the other; −1 where it is not in it, or defined
   * differently.
   */
  static int[] columns(ModelManifest to, ModelManifest from) {
    List<String> there = from.features().stream().map(FeatureSpec::canonical).toList();
    return to.features().stream().mapToInt(f -> there.indexOf(f.canonical())).toArray();
  }

  /** Whether rows of the one can be rows of the other. */
  static boolean canTake(ModelManifest to, ModelManifest from) {
    for (int column : columns(to, from)) {
      if (column < 0) {
        return false;
      }
    }
    return true;
  }

  LoadedModel subject() {
    return subject;
  }

  boolean isLive() {
    return live;
  }

  /** What the live model took to answer, on its caller's thread: cheap. */
  void answered(LoadedModel by, long nanos, int count) {
    if (live && by == subject) {
      rows.addAndGet(count);
      latencies.add(nanos / count);
    }
  }

  /** The live model did not answer rows that it should have. */
  void failed(LoadedModel by, int count, ModelException why) {
    if (live && by == subject) {
      broke(by, why);
      rows.addAndGet(count);
      errors.addAndGet(count);
    }
  }

  /** Compares; on the trials' thread. */
  void compare(Row row) {
    if (closed) {
      return; // it waited behind the end of the trial, and the models' memory is freed
    }
    if (live) {
      inputs.add(row.input());
      outputs.add(row.output());
      other.ifPresent(o -> beside(o, row));
    } else {
      shadow(row);
    }
  }

  private void shadow(Row row) {
    Other o = other.orElseThrow();
    float[] input = map(row.input(), o.columns());
    long begin = System.nanoTime();
    Optional<float[]> answer = run(subject, input);
    latencies.add(System.nanoTime() - begin);
    inputs.add(input);
    rows.incrementAndGet();
    if (answer.isEmpty()) {
      errors.incrementAndGet();
      return;
    }
    compared(answer.get(), aligned(row.output(), o.model()));
  }

  private void beside(Other o, Row row) {
    float[] input = map(row.input(), columns(o.model().manifest(), subject.manifest()));
    run(o.model(), input).ifPresent(answer -> compared(row.output(), aligned(answer, o.model())));
  }

  private void compared(float[] mine, float[] others) {
    agreed.count(Agreement.agree(mine, others));
    if (!live) {
      outputs.add(mine);
    }
    otherOutputs.add(others);
  }

  /** The other one's outputs in the order of the one on trial, where it has the same. */
  private float[] aligned(float[] row, LoadedModel of) {
    List<String> wanted = subject.manifest().outputs();
    List<String> there = of.manifest().outputs();
    if (wanted.equals(there) || !there.containsAll(wanted)) {
      return row;
    }
    float[] aligned = new float[wanted.size()];
    for (int i = 0; i < aligned.length; i++) {
      aligned[i] = row[there.indexOf(wanted.get(i))];
    }
    return aligned;
  }

  /**
   * A label came back: both models are asked again what they say of that row. On the trials'
   * thread.
   *
   * @param input a row of the live model
   */
  void labelled(float[] input, String label) {
    if (closed) {
      return; // as in compare
    }
    float[] mine = live ? input : map(input, other.orElseThrow().columns());
    boolean isRight = isRight(subject, mine, label);
    if (other.isPresent()) {
      LoadedModel model = other.get().model();
      float[] theirs = live ? map(mine, columns(model.manifest(), subject.manifest())) : input;
      otherRight.count(isRight(model, theirs, label));
    }
    right.count(isRight); // last: it says how many labels there are
  }

  private boolean isRight(LoadedModel model, float[] input, String label) {
    return run(model, input)
        .filter(answer -> Agreement.isRight(model.manifest().outputs(), answer, label))
        .isPresent();
  }

  private Optional<float[]> run(LoadedModel model, float[] input) {
    try {
      return Optional.of(model.predict(new float[][] {input}).rows()[0]);
    } catch (ModelException e) {
      broke(model, e);
      log.debug("Model [{}] did not answer in its trial", model.manifest().ref(), e);
      return Optional.empty();
    }
  }

  /** The one on trial gave way, not only one row: that ends its trial. */
  private void broke(LoadedModel model, ModelException e) {
    if (model == subject && e.code().equals(LoadedModel.BROKEN) && broken.isEmpty()) {
      broken = Optional.of(e);
      log.warn("A model on trial is broken", e);
    }
  }

  /** Why it cannot go on; empty where it can. */
  Optional<ModelException> broken() {
    return broken;
  }

  static float[] map(float[] row, int[] columns) {
    float[] mapped = new float[columns.length];
    for (int i = 0; i < mapped.length; i++) {
      mapped[i] = row[columns[i]];
    }
    return mapped;
  }

  TrialFigures figures() {
    boolean both = other.isPresent();
    long labels = right.all(); // first: the shares are of these at least
    return new TrialFigures(
        rows.get(),
        errors.get(),
        latencies.percentile(0.99),
        OptionalDouble.empty(),
        agreed.share(),
        Drift.ofRows(reference, inputs.rows()),
        both ? Drift.ofRows(otherOutputs.rows(), outputs.rows()) : OptionalDouble.empty(),
        right.share(),
        both ? otherRight.share() : OptionalDouble.empty(),
        labels);
  }

  /** What a prediction brings to compare. */
  static Row row(float[][] rows, Prediction prediction, int index) {
    return new Row(rows[index].clone(), prediction.rows()[index]);
  }

  @Override
  public void close() {
    closed = true;
    subject.release();
    other.ifPresent(o -> o.model().release());
  }
}
