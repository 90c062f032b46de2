package io.selvedge.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.onnx.proto.OnnxMl;
import io.selvedge.api.model.ModelException;
import io.selvedge.api.model.Prediction;
import io.selvedge.protocol.model.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real ONNX files in the real runtime. */
class ModelLoaderTest {

  @TempDir Path directory;
  private final ModelLoader loader = new ModelLoader(Engine.getEngine("OnnxRuntime"));
  private final TestModel model = new TestModel("sum", "1");

  @Test
  void aGoodModelPredictsOneRowAndManyTheSame() throws Exception {
    LoadedModel loaded = loader.load(model.weight(2).writeTo(directory));
    float[][] rows = new float[LoadedModel.MOST_ROWS][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new float[] {i, 1, -i * 0.5f};
    }

    Prediction batch = loaded.predict(rows);

    assertThat(batch.model().toString()).startsWith("sum 1 (");
    assertThat(batch.outputs()).containsExactly("y0", "y1");
    assertThat(batch.nanos()).isPositive();
    for (int i : new int[] {0, 1, 77, rows.length - 1}) {
      assertThat(batch.rows()[i]).containsExactly(model.expect(rows[i]));
      assertThat(loaded.predict(new float[][] {rows[i]}).rows()[0])
          .containsExactly(batch.rows()[i]);
    }
    assertThat(loaded.predicted()).isEqualTo(rows.length + 4);
    loaded.release();
  }

  @Test
  void rowsThatDoNotFitAreRefusedAndTheModelGoesOn() throws Exception {
    LoadedModel loaded = loader.load(model.writeTo(directory));

    wrongInput(loaded, new float[0][], "[0] rows");
    wrongInput(loaded, new float[LoadedModel.MOST_ROWS + 1][3], "[4097] rows");
    wrongInput(loaded, new float[][] {{1, 2, 3}, {1, 2}}, "row [1] has [2] numbers, must have 3");
    wrongInput(loaded, new float[][] {{1, Float.NaN, 3}}, "row [0] has [NaN] as x1");
    wrongInput(loaded, new float[][] {{1, 2, Float.POSITIVE_INFINITY}}, "[Infinity] as x2");

    assertThat(loaded.predict(new float[][] {{1, 2, 3}}).rows()[0]).containsExactly(6, 6);
    loaded.release();
  }

  @Test
  void anOutputThatIsNoNumberIsAnError() throws Exception {
    LoadedModel loaded = loader.load(model.weight(1e30f).writeTo(directory));
    assertThatThrownBy(() -> loaded.predict(new float[][] {{1e30f, 0, 0}}))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.code()).isEqualTo("model.wrong_output"))
        .hasMessageContaining("[Infinity, Infinity]");
    loaded.release();
  }

  @Test
  void aModelMayBeGivenUpWhileItPredicts() throws Exception {
    LoadedModel loaded = loader.load(model.writeTo(directory));
    assertThat(loaded.acquire()).isTrue();

    loaded.release(); // the table gives it up

    assertThat(loaded.predict(new float[][] {{1, 2, 3}}).rows()[0]).containsExactly(6, 6);
    loaded.release(); // the prediction ends
    assertThat(loaded.acquire()).isFalse();
  }

  @Test
  void aCutFileIsRefusedBeforeItIsLoaded() throws Exception {
    Path manifest = model.writeTo(directory);
    byte[] onnx = Files.readAllBytes(directory.resolve("model.onnx"));
    Files.write(directory.resolve("model.onnx"), Arrays.copyOf(onnx, onnx.length - 1));
    refused(manifest, "model.digest_mismatch", "[" + (onnx.length - 1) + "] bytes, must have");
  }

  @Test
  void anAlteredByteIsRefusedByTheDigest() throws Exception {
    Path manifest = model.writeTo(directory);
    byte[] onnx = Files.readAllBytes(directory.resolve("model.onnx"));
    onnx[onnx.length / 2] ^= 1;
    Files.write(directory.resolve("model.onnx"), onnx);
    refused(manifest, "model.digest_mismatch", "copy it again");
  }

  @Test
  void aMissingFileIsNamed() throws Exception {
    Path manifest = model.writeTo(directory);
    Files.delete(directory.resolve("model.onnx"));
    refused(manifest, "model.file_missing", "model.onnx");
  }

  @Test
  void aFileThatIsNoModelIsMalformedThoughItsDigestFits() throws Exception {
    refusedAs(new byte[0x100], "model.malformed", "cannot be loaded");
    byte[] onnx = model.onnx();
    refusedAs(Arrays.copyOf(onnx, onnx.length / 2), "model.malformed", "cannot be loaded");
  }

  /** What a hub that signs the wrong file would send: digest and size fit, weights do not. */
  @Test
  void wrongWeightsAreRefusedByTheGoldenRows() throws Exception {
    byte[] other = new TestModel("sum", "1").weight(1.5f).onnx();
    refusedAs(other, "model.golden_mismatch", "golden row [0] gives [4.5] as y0, must give 3.0");
  }

  @Test
  void weightsThatAreNoNumbersAreRefusedByTheGoldenRows() throws Exception {
    byte[] other = new TestModel("sum", "1").weight(Float.NaN).onnx();
    refusedAs(other, "model.golden_mismatch", "[NaN]");
  }

  @Test
  void aGraphWithAnotherNumberOfColumnsIsRefused() throws Exception {
    TestModel other = new TestModel("sum", "1");
    other.features = 4;
    refusedAs(other.onnx(), "model.wrong_signature", "Expected: 4");
    other = new TestModel("sum", "1");
    other.outputs = 3;
    refusedAs(other.onnx(), "model.wrong_signature", "must be float32 [batch, 2]");
  }

  @Test
  void aGraphWithOtherNamesIsRefused() throws Exception {
    TestModel other = new TestModel("sum", "1");
    other.input = "x";
    refusedAs(other.onnx(), "model.wrong_signature", "has the inputs [x], must have exactly");
    other = new TestModel("sum", "1");
    other.output = "y";
    refusedAs(other.onnx(), "model.wrong_signature", "no output [outputs], it has [y]");
    other = new TestModel("sum", "1");
    other.secondInput = true;
    refusedAs(other.onnx(), "model.wrong_signature", "[features, second]");
  }

  @Test
  void aGraphOfDoublesIsRefused() throws Exception {
    TestModel other = new TestModel("sum", "1");
    other.type = OnnxMl.TensorProto.DataType.DOUBLE;
    refusedAs(other.onnx(), "model.wrong_signature", "does not take float32");
  }

  @Test
  void aGraphThatTakesOneRowOnlyIsRefused() throws Exception {
    TestModel other = new TestModel("sum", "1");
    other.fixedBatch = true;
    refusedAs(other.onnx(), "model.wrong_signature", "does not take float32 [batch, 3]");
  }

  @Test
  void aManifestThatIsTooLongIsRefusedUnread() throws Exception {
    Path manifest = model.writeTo(directory);
    Files.write(manifest, new byte[(1 << 20) + 1]);
    refused(manifest, "model.malformed", "at most");
  }

  private void wrongInput(LoadedModel loaded, float[][] rows, String says) {
    assertThatThrownBy(() -> loaded.predict(rows))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.code()).isEqualTo("model.wrong_input"))
        .hasMessageContaining(says);
  }

  /** The manifest of the right model with the digest of another file. */
  private void refusedAs(byte[] onnx, String code, String says) throws IOException {
    ModelManifest right = model.manifest("model.onnx", model.onnx());
    ModelManifest signed =
        new ModelManifest(
            right.name(),
            right.version(),
            right.file(),
            TestModel.sha256(onnx),
            onnx.length,
            right.input(),
            right.output(),
            right.features(),
            right.outputs(),
            right.golden(),
            right.tolerance(),
            right.lineage());
    Files.write(directory.resolve("model.onnx"), onnx);
    refused(Files.write(directory.resolve("model.json"), signed.toJson()), code, says);
  }

  private void refused(Path manifest, String code, String says) {
    assertThatThrownBy(() -> loader.load(manifest))
        .isInstanceOfSatisfying(ModelException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(says);
  }
}
