package io.selvedge.training;

import io.selvedge.protocol.json.Json;
import io.selvedge.protocol.model.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One job from rows to files. A search on three of five folds, watched on the fourth, says how many
 * epochs serve. Then each fold in turn judges a network trained on the other four: the report. Then
 * a network is trained on all rows, exported, and the export proved.
 */
final class Training {

  /** Fewer rows than this say nothing. */
  static final int LEAST_ROWS = 50;

  /** Largest difference between the export and DJL on any row. */
  static final double MOST_DIFFERENCE = 1e-5;

  private static final int LEAST_BATCH = 16;
  private static final int MOST_BATCH = 1024;
  private static final int STEPS_AN_EPOCH = 64;
  private static final float RATE = 0.02f;
  private static final float PENALTY = 1e-3f;
  private static final int PATIENCE = 15;
  private static final int LEAST_EPOCHS = 20;
  private static final int VALIDATION_FOLD = 0;
  private static final double READ = 0.05;
  private static final double SEARCHED = 0.3;
  private static final double JUDGED = 0.75;
  private static final double FITTED = 0.95;

  private final Job job;
  private final Progress progress;
  private final long started = System.nanoTime();

  Training(Job job, Progress progress) {
    this.job = job;
    this.progress = progress;
  }

  /** What the search found. */
  private record Search(int epochs, List<Double> losses, List<Double> validationLosses) {}

  /** All folds' test rows together, and how many rows the networks were trained on, on average. */
  private record Judged(Confusion confusion, int trainRows) {}

  /**
   * Writes {@code model.onnx}, {@code model.json} and {@code report.json}.
   *
   * @param out a folder, made where it is absent
   */
  Report run(Path out) throws TrainingException, IOException {
    Samples samples = RowReader.read(job.rows(), job.features(), job.outputs().size());
    requireTrainable(samples);
    Split split = Split.of(samples, job.longestWindowMillis());
    progress.say(READ, "%d rows read", samples.size());
    Search search = search(samples, split, progress.part(READ, SEARCHED));
    Judged judged = judge(samples, split, search.epochs(), progress.part(SEARCHED, JUDGED));
    int[] all = IntStream.range(0, samples.size()).toArray();
    Fit.Fitted fitted = fit(samples, all, search.epochs(), progress.part(JUDGED, FITTED));
    byte[] onnx = OnnxExport.bytes(fitted.network(), job.model(), metadata());
    float[][] outputs = predictWithDjl(fitted.network(), samples.features());
    double difference = requireSame(onnx, samples.features(), outputs);
    String sha256 = sha256(onnx);
    List<ModelManifest.Golden> golden = Golden.choose(samples.features(), onnx);
    ModelManifest manifest = job.manifest(sha256, onnx.length, golden);
    Report report = report(samples, split, search, judged, fitted, difference, sha256);
    Files.createDirectories(out);
    Files.write(out.resolve(ModelManifest.MODEL_FILE_NAME), onnx);
    Files.write(out.resolve(ModelManifest.FILE_NAME), manifest.toJson());
    Files.write(out.resolve("report.json"), Json.bytes(report));
    progress.say(1, "balanced accuracy %.3f on held out rows", report.balancedAccuracy());
    return report;
  }

  private void requireTrainable(Samples samples) throws TrainingException {
    int[] perClass = samples.perClass();
    if (samples.size() < LEAST_ROWS) {
      throw new TrainingException(
          "training.too_few_rows",
          String.format(
              "[%d] rows have a label and all features (of %d time stamps %d have no label, %d no"
                  + " value of a feature); at least %d are needed; record longer",
              samples.size(),
              samples.read(),
              samples.withoutLabel(),
              samples.withoutFeature(),
              LEAST_ROWS));
    }
    long seen = Arrays.stream(perClass).filter(rows -> rows > 0).count();
    if (seen < 2) {
      throw new TrainingException(
          "training.one_class_only",
          "rows per class "
              + Arrays.toString(perClass)
              + " of outputs "
              + job.outputs()
              + " must have at least two classes; record longer, until another class occurs");
    }
    for (int i = 0; i < perClass.length; i++) {
      if (perClass[i] == 0) {
        throw new TrainingException(
            "training.class_without_rows",
            "output ["
                + job.outputs().get(i)
                + "] has no row; every class must occur; record longer or leave the class out");
      }
    }
  }

  private Fit.Options options(int epochs, int rows) {
    int batch = Math.max(LEAST_BATCH, Math.min(MOST_BATCH, rows / STEPS_AN_EPOCH));
    return new Fit.Options(epochs, batch, RATE, PENALTY, job.seed());
  }

  private Network untrained(float[][] features) {
    return Network.untrained(job.network(), Scaling.of(features), job.outputs().size(), job.seed());
  }

  private Search search(Samples samples, Split split, Progress progress) throws TrainingException {
    int[] validation = split.rows(fold -> fold == VALIDATION_FOLD);
    int[] train = split.rows(fold -> fold != VALIDATION_FOLD && fold != VALIDATION_FOLD + 1);
    float[][] features = Rows.pick(samples.features(), validation);
    int[] labels = Rows.pick(samples.labels(), validation);
    Best best = new Best();
    Fit.Fitted fitted =
        fit(
            samples,
            train,
            job.epochs(),
            (epoch, loss, network) -> {
              progress.epoch(epoch, job.epochs(), loss);
              best.after(epoch, Fit.loss(network.predict(features), labels, samples.classes()));
              return epoch - best.epoch < PATIENCE;
            });
    int epochs = Math.min(job.epochs(), Math.max(LEAST_EPOCHS, best.epoch));
    return new Search(epochs, fitted.losses(), best.losses);
  }

  /** The epoch with the lowest loss on the validation part so far. */
  private static final class Best {

    private final List<Double> losses = new ArrayList<>();
    private double loss = Double.POSITIVE_INFINITY;
    private int epoch = 1;

    void after(int done, double now) {
      losses.add(now);
      if (now < loss) {
        loss = now;
        epoch = done;
      }
    }
  }

  private Judged judge(Samples samples, Split split, int epochs, Progress progress)
      throws TrainingException {
    Confusion all = new Confusion(new int[samples.classes()][samples.classes()]);
    int trainRows = 0;
    for (int fold = 0; fold < Split.FOLDS; fold++) {
      int own = fold;
      int[] train = split.rows(other -> other != own);
      int[] test = split.rows(other -> other == own);
      Progress part = progress.part((double) fold / Split.FOLDS, (double) (fold + 1) / Split.FOLDS);
      Network network = fit(samples, train, epochs, part).network();
      float[][] outputs = predictWithDjl(network, Rows.pick(samples.features(), test));
      int[] labels = Rows.pick(samples.labels(), test);
      all = all.plus(Confusion.of(labels, outputs, samples.classes()));
      trainRows += train.length;
    }
    return new Judged(all, trainRows / Split.FOLDS);
  }

  private Fit.Fitted fit(Samples samples, int[] rows, int epochs, Progress progress)
      throws TrainingException {
    return fit(
        samples,
        rows,
        epochs,
        (epoch, loss, network) -> {
          progress.epoch(epoch, epochs, loss);
          return true;
        });
  }

  private Fit.Fitted fit(Samples samples, int[] rows, int epochs, Fit.Watcher watcher)
      throws TrainingException {
    float[][] features = Rows.pick(samples.features(), rows);
    int[] labels = Rows.pick(samples.labels(), rows);
    return new Fit(options(epochs, rows.length), features, labels, samples.classes())
        .run(untrained(features), watcher);
  }

  private static float[][] predictWithDjl(Network network, float[][] rows) {
    try (DjlNetwork djl = new DjlNetwork(network).initialized()) {
      return djl.predict(rows);
    }
  }

  /** Runs the export on all rows; it must give what DJL gives. */
  static double requireSame(byte[] onnx, float[][] rows, float[][] expected)
      throws TrainingException {
    try (OnnxRun run = new OnnxRun(onnx)) {
      double difference = Rows.maxDifference(run.predict(rows), expected);
      if (!(difference < MOST_DIFFERENCE)) {
        throw new TrainingException(
            "training.export_differs",
            "the exported model differs from the trained one by ["
                + difference
                + "]; it must be below "
                + MOST_DIFFERENCE
                + "; report this with the job file");
      }
      return difference;
    }
  }

  private Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("selvedge.model", job.model());
    metadata.put("selvedge.version", job.version());
    metadata.put("selvedge.dataset", job.lineage().dataset());
    metadata.put("selvedge.run", job.lineage().run());
    metadata.put("selvedge.parent", job.lineage().parent());
    return metadata;
  }

  private Report report(
      Samples samples,
      Split split,
      Search search,
      Judged judged,
      Fit.Fitted fitted,
      double difference,
      String sha256) {
    return new Report(
        job.model(),
        job.version(),
        Job.lower(job.network()),
        samples.size(),
        samples.withoutLabel(),
        samples.withoutFeature(),
        samples.perClass(),
        split.blocks(),
        Split.FOLDS,
        judged.trainRows(),
        judged.confusion().rows(),
        judged.confusion().balancedAccuracy(),
        judged.confusion().accuracy(),
        judged.confusion().majorityBaseline(),
        judged.confusion().counts(),
        search.epochs(),
        search.losses(),
        search.validationLosses(),
        fitted.losses(),
        difference,
        job.features(),
        job.outputs(),
        sha256,
        (System.nanoTime() - started) / 1e9);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
