package io.selvedge.protocol.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.model.ModelException;
import io.selvedge.protocol.feature.FeatureOp;
import io.selvedge.protocol.feature.FeatureSpec;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ModelManifestTest {

  /** As docs/models.md shows it. */
  private static final String DOCUMENTED =
      """
      {"format": 1, "name": "occupancy", "version": "1",
       "file": "model.onnx", "sha256": "%s", "size": 1024,
       "input": "features", "output": "probabilities",
       "features": [
         {"name": "temperature", "of": "temperature", "op": "last"},
         {"name": "temperature_slope_10m", "of": "temperature", "op": "slope", "window": "PT10M"},
         {"name": "day_sin", "op": "day_sin"}],
       "outputs": ["empty", "occupied"],
       "golden": [{"row": [23.7, 0.01, -0.5], "expect": [0.07, 0.93]}], "tolerance": 0.0001,
       "lineage": {"dataset": "office-1", "run": "17", "parent": ""}}
      """
          .formatted("ab".repeat(32));

  @Test
  void readsTheDocumentedManifest() throws Exception {
    ModelManifest manifest = ModelManifest.parse(DOCUMENTED.getBytes(UTF_8));

    assertThat(manifest.ref().toString()).isEqualTo("occupancy 1 (abababababab)");
    assertThat(manifest.features())
        .containsExactly(
            FeatureSpec.last("temperature", "temperature"),
            FeatureSpec.of(
                "temperature_slope_10m", "temperature", FeatureOp.SLOPE, Duration.ofMinutes(10)),
            FeatureSpec.of("day_sin", FeatureOp.DAY_SIN));
    assertThat(manifest.outputs()).containsExactly("empty", "occupied");
    assertThat(manifest.golden().get(0).row()).containsExactly(23.7f, 0.01f, -0.5f);
    assertThat(manifest.tolerance()).isEqualTo(0.0001);
    assertThat(manifest.lineage().run()).isEqualTo("17");
  }

  @Test
  void comesBackAsItWasWritten() throws Exception {
    ModelManifest manifest = ModelManifest.parse(DOCUMENTED.getBytes(UTF_8));

    ModelManifest again = ModelManifest.parse(manifest.toJson());

    assertThat(again).usingRecursiveComparison().isEqualTo(manifest);
  }

  @Test
  void aManifestWithoutLineageIsTaken() throws Exception {
    String bare = DOCUMENTED.replaceAll(",\\s*\"lineage\".*", "}");
    assertThat(ModelManifest.parse(bare.getBytes(UTF_8)).lineage())
        .isEqualTo(ModelManifest.Lineage.UNKNOWN);
  }

  @Test
  void anotherFormatIsNotKnown() {
    refused("model.unknown_format", with("\"format\": 1", "\"format\": 2"), "[2]");
  }

  @Test
  void saysWhichFieldIsWrongAndHowItMustBe() {
    malformed("{", "not JSON");
    malformed("[1]", "JSON object");
    malformed(with("\"format\": 1", "\"format\": \"1\""), "format [1] must be a whole number");
    malformed(with("\"name\": \"occupancy\"", "\"name\": \"Office Room\""), "[Office Room]");
    malformed(with("model.onnx", "../model.onnx"), "file [../model.onnx] must be a plain");
    malformed(with("\"ab", "\"AB"), "64 lower case hexadecimal digits");
    malformed(with("1024", "0"), "size [0]");
    malformed(with("\"slope\"", "\"sloop\""), "sloop");
    malformed(with("\"day_sin\", \"op\"", "\"temperature\", \"op\""), "[temperature] twice");
    malformed(with("\"empty\", ", "\"occupied\", "), "[occupied] twice");
    malformed(with("\"empty\", ", "\"Is empty\", "), "[Is empty]");
    malformed(with("[23.7, 0.01, -0.5]", "[23.7, 0.01]"), "golden[0].row has [2] numbers");
    malformed(with("[0.07, 0.93]", "[0.07, \"0.93\"]"), "golden[0].expect[1] [0.93]");
    malformed(with("23.7", "1e39"), "golden[0].row[0] [1.0E39] must fit in single precision");
    malformed(
        with("\"golden\": [{\"row\": [23.7, 0.01, -0.5], \"expect\": [0.07, 0.93]}], ", ""),
        "golden is missing");
    malformed(with("0.0001", "-1"), "tolerance [-1.0]");
    malformed(with("\"tolerance\"", "\"size\": 7, \"tolerance\""), "not JSON: Duplicate field");
  }

  private static String with(String what, String instead) {
    assertThat(DOCUMENTED).contains(what);
    return DOCUMENTED.replace(what, instead);
  }

  private static void malformed(String json, String says) {
    refused("model.malformed", json, says);
  }

  private static void refused(String code, String json, String says) {
    assertThatThrownBy(() -> ModelManifest.parse(json.getBytes(UTF_8)))
        .isInstanceOfSatisfying(ModelException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(says);
  }
}
