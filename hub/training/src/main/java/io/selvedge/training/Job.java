package io.selvedge.training;

import io.selvedge.protocol.feature.FeatureSpec;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.model.ModelManifest;
import io.selvedge.protocol.model.ModelManifest.Lineage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What to train, as {@code job.json} says it.
 *
 * @param model name of the model
 * @param version its version
 * @param outputs names of the classes, by index
 * @param features the model's columns
 * @param network which network
 * @param epochs most passes over the rows
 * @param seed for weights and order
 * @param rows file of values
 * @param lineage where the rows come from
 */
record Job(
    String model,
    String version,
    List<String> outputs,
    List<FeatureSpec> features,
    Network.Kind network,
    int epochs,
    long seed,
    Path rows,
    Lineage lineage) {

  /** Processors round differently in the last digits; a damaged file is far off. */
  private static final double TOLERANCE = 1e-4;

  private static final int MOST_EPOCHS = 10_000;

  /**
   * @param file the job; paths in it are relative to its folder
   * @throws TrainingException a field is missing or wrong ({@code training.malformed_job})
   */
  static Job read(Path file) throws TrainingException {
    try {
      Job job = parse(file, Fields.parse("job", Files.readAllBytes(file)));
      if (!Files.isReadable(job.rows())) {
        throw new IllegalArgumentException(
            "rows [" + job.rows() + "] must be a file that can be read; check the path");
      }
      return job;
    } catch (IOException e) {
      throw malformed("job file [" + file + "] cannot be read: " + e + "; check the path", e);
    } catch (IllegalArgumentException e) {
      throw malformed(String.valueOf(e.getMessage()), e);
    }
  }

  private static TrainingException malformed(String message, Exception cause) {
    return new TrainingException("training.malformed_job", message, cause);
  }

  private static Job parse(Path file, Fields json) {
    List<String> outputs = json.texts("outputs");
    if (outputs.size() < 2) {
      throw new IllegalArgumentException("outputs " + outputs + " must name at least two classes");
    }
    Job job =
        new Job(
            json.text("model"),
            json.text("version"),
            List.copyOf(outputs),
            features(json),
            network(json.textOr("network", "logistic")),
            json.has("epochs") ? (int) json.whole("epochs", 1, MOST_EPOCHS) : 60,
            json.has("seed") ? json.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE) : 1,
            file.toAbsolutePath().resolveSibling(json.text("rows")),
            lineage(json));
    // What a manifest would refuse at the end is refused before the work.
    ModelManifest.Golden golden =
        new ModelManifest.Golden(new float[job.features().size()], new float[outputs.size()]);
    job.manifest("0".repeat(64), 1, List.of(golden));
    return job;
  }

  /**
   * The manifest of the model that this job made.
   *
   * @param sha256 digest of the exported file
   * @param size its bytes
   * @param golden rows with the outputs they must give
   */
  ModelManifest manifest(String sha256, long size, List<ModelManifest.Golden> golden) {
    return new ModelManifest(
        model,
        version,
        ModelManifest.MODEL_FILE_NAME,
        sha256,
        size,
        OnnxExport.INPUT,
        OnnxExport.OUTPUT,
        features,
        outputs,
        golden,
        TOLERANCE,
        lineage);
  }

  private static List<FeatureSpec> features(Fields json) {
    List<FeatureSpec> features = json.objects("features").stream().map(Job::feature).toList();
    if (json.has("inputs")) {
      List<String> inputs = json.texts("inputs");
      for (FeatureSpec feature : features) {
        String of = feature.of().orElse("");
        if (!of.isEmpty() && !inputs.contains(of)) {
          throw new IllegalArgumentException(
              "feature [" + feature.name() + "]: of [" + of + "] must be one of inputs " + inputs);
        }
      }
    }
    return features;
  }

  private static FeatureSpec feature(Fields json) {
    return FeatureSpec.parse(
        json.text("name"),
        json.has("of") ? json.text("of") : null,
        json.text("op"),
        json.has("window") ? json.text("window") : null);
  }

  private static Network.Kind network(String name) {
    return Arrays.stream(Network.Kind.values())
        .filter(kind -> lower(kind).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "network ["
                        + name
                        + "] must be one of "
                        + Arrays.stream(Network.Kind.values())
                            .map(Job::lower)
                            .collect(Collectors.joining(", "))));
  }

  static String lower(Network.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static Lineage lineage(Fields json) {
    if (!json.has("lineage")) {
      return Lineage.UNKNOWN;
    }
    Fields lineage = json.object("lineage");
    return new Lineage(
        lineage.textOr("dataset", ""), lineage.textOr("run", ""), lineage.textOr("parent", ""));
  }

  /** Longest window of any feature, milliseconds; 0 where none looks back. */
  long longestWindowMillis() {
    return features.stream()
        .flatMap(feature -> feature.window().stream())
        .mapToLong(Duration::toMillis)
        .max()
        .orElse(0);
  }
}
