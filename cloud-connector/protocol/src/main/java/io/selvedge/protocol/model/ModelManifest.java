package io.selvedge.protocol.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.model.ModelException;
import io.selvedge.api.model.ModelRef;
import io.selvedge.protocol.feature.FeatureSpec;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What must be known of a model before it may decide: {@code model.json}.
 *
 * @param name lower case, as flows name it: {@code occupancy}
 * @param version the version: {@code 7}
 * @param file plain name of the ONNX file beside the manifest
 * @param sha256 digest of the file, 64 lower case hexadecimal digits
 * @param size bytes of the file
 * @param input name of the graph's input tensor, float32 [batch, features]
 * @param output name of the graph's output tensor, float32 [batch, outputs]
 * @param features definition of each input column, in order
 * @param outputs name of each output column, in order, lower_snake_case
 * @param golden rows with the outputs that the trainer computed, at least one
 * @param tolerance largest absolute difference to them that is still the same model
 * @param lineage where it comes from
 */
public record ModelManifest(
    String name,
    String version,
    String file,
    String sha256,
    long size,
    String input,
    String output,
    List<FeatureSpec> features,
    List<String> outputs,
    List<Golden> golden,
    double tolerance,
    Lineage lineage) {

  /** Name of the manifest's file within an artifact. */
  public static final String FILE_NAME = "model.json";

  /** Name of the model's file within an artifact. */
  public static final String MODEL_FILE_NAME = "model.onnx";

  /** The only format there is so far. */
  public static final int FORMAT = 1;

  /** More rows than this say nothing more and cost time at each start. */
  public static final int MOST_GOLDEN = 256;

  private static final long MOST_BYTES = 1L << 31;
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]{0,63}");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,63}");
  private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._~-]{0,127}");
  private static final Pattern OUTPUT = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * A row and what the model makes of it.
   *
   * @param row one number a feature
   * @param expect one number an output
   */
  public record Golden(float[] row, float[] expect) {}

  /**
   * Where a model comes from; an empty text is: not known.
   *
   * @param dataset what it was trained on
   * @param run the training
   * @param parent version that it was trained on from
   */
  public record Lineage(String dataset, String run, String parent) {

    /** Nothing is known. */
    public static final Lineage UNKNOWN = new Lineage("", "", "");

    public Lineage {
      Objects.requireNonNull(dataset, "dataset must not be null; give an empty text");
      Objects.requireNonNull(run, "run must not be null; give an empty text");
      Objects.requireNonNull(parent, "parent must not be null; give an empty text");
    }
  }

  public ModelManifest {
    require(NAME, name, "name", "lower case with at most 64 of a-z 0-9 . _ -");
    require(VERSION, version, "version", "at most 64 of A-Z a-z 0-9 . _ + -");
    require(FILE, file, "file", "a plain file name, for example [model.onnx]");
    require(SHA256, sha256, "sha256", "64 lower case hexadecimal digits");
    if (size < 1 || size > MOST_BYTES) {
      throw new IllegalArgumentException("size [" + size + "] must be 1 to " + MOST_BYTES);
    }
    if (input.isEmpty() || output.isEmpty()) {
      throw new IllegalArgumentException(
          "input [" + input + "] and output [" + output + "] must name the graph's tensors");
    }
    features = List.copyOf(features);
    outputs = List.copyOf(outputs);
    golden = List.copyOf(golden);
    requireDistinct("features", features.stream().map(FeatureSpec::name).toList());
    outputs.forEach(o -> require(OUTPUT, o, "outputs", "lower_snake_case, at most 64 long"));
    requireDistinct("outputs", outputs);
    requireGolden(golden, features.size(), outputs.size());
    if (!Double.isFinite(tolerance) || tolerance < 0) {
      throw new IllegalArgumentException("tolerance [" + tolerance + "] must be 0 or more");
    }
    Objects.requireNonNull(lineage, "lineage must not be null");
  }

  /**
   * Reads a manifest.
   *
   * @throws ModelException {@code model.unknown_format} or {@code model.malformed}, and what is
   *     wrong with which field
   */
  public static ModelManifest parse(byte[] json) throws ModelException {
    try {
      Fields fields = Fields.parse("the manifest", json);
      long format = fields.whole("format", 1, Integer.MAX_VALUE);
      if (format != FORMAT) {
        throw new ModelException(
            "model.unknown_format",
            "manifest format [" + format + "] is not known here, only " + FORMAT + " is");
      }
      return read(fields);
    } catch (IllegalArgumentException e) {
      throw new ModelException("model.malformed", "manifest: " + e.getMessage(), e);
    }
  }

  private static ModelManifest read(Fields fields) {
    List<FeatureSpec> features = new ArrayList<>();
    for (Fields one : fields.objects("features")) {
      features.add(
          FeatureSpec.parse(
              one.text("name"),
              one.has("of") ? one.text("of") : null,
              one.text("op"),
              one.has("window") ? one.text("window") : null));
    }
    List<Golden> golden = new ArrayList<>();
    for (Fields one : fields.objects("golden")) {
      golden.add(new Golden(one.floats("row"), one.floats("expect")));
    }
    return new ModelManifest(
        fields.text("name"),
        fields.text("version"),
        fields.text("file"),
        fields.text("sha256"),
        fields.whole("size", 1, MOST_BYTES),
        fields.text("input"),
        fields.text("output"),
        features,
        fields.texts("outputs"),
        golden,
        fields.number("tolerance"),
        fields.has("lineage") ? lineage(fields.object("lineage")) : Lineage.UNKNOWN);
  }

  private static Lineage lineage(Fields fields) {
    return new Lineage(
        fields.textOr("dataset", ""), fields.textOr("run", ""), fields.textOr("parent", ""));
  }

  public byte[] toJson() {
    ObjectNode json = Json.mapper().createObjectNode();
    json.put("format", FORMAT).put("name", name).put("version", version);
    json.put("file", file).put("sha256", sha256).put("size", size);
    json.put("input", input).put("output", output);
    json.set("features", Json.mapper().valueToTree(features));
    json.set("outputs", Json.mapper().valueToTree(outputs));
    ArrayNode rows = json.putArray("golden");
    for (Golden one : golden) {
      ObjectNode row = rows.addObject();
      row.set("row", Json.mapper().valueToTree(one.row()));
      row.set("expect", Json.mapper().valueToTree(one.expect()));
    }
    json.put("tolerance", tolerance);
    json.set("lineage", Json.mapper().valueToTree(lineage));
    return Json.bytes(json);
  }

  public ModelRef ref() {
    return new ModelRef(name, version, sha256);
  }

  private static void requireGolden(List<Golden> golden, int features, int outputs) {
    if (golden.isEmpty() || golden.size() > MOST_GOLDEN) {
      throw new IllegalArgumentException(
          "golden has [" + golden.size() + "] rows, must have 1 to " + MOST_GOLDEN);
    }
    for (int i = 0; i < golden.size(); i++) {
      requireNumbers("golden[" + i + "].row", golden.get(i).row(), features, "feature");
      requireNumbers("golden[" + i + "].expect", golden.get(i).expect(), outputs, "output");
    }
  }

  private static void requireNumbers(String what, float[] numbers, int count, String each) {
    if (numbers.length != count) {
      throw new IllegalArgumentException(
          what + " has [" + numbers.length + "] numbers, must have " + count + ", one a " + each);
    }
    for (float number : numbers) {
      if (!Float.isFinite(number)) {
        throw new IllegalArgumentException(what + " holds [" + number + "], must be finite");
      }
    }
  }

  private static void requireDistinct(String what, List<String> names) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException(what + " must have at least one entry");
    }
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new IllegalArgumentException(
            what + " has [" + name + "] twice; give it another name");
      }
    }
  }

  private static void require(Pattern pattern, String value, String what, String rule) {
    if (!pattern.matcher(value).matches()) {
      throw new IllegalArgumentException(what + " [" + value + "] must be " + rule);
    }
  }
}
