package io.selvedge.inference;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.nn.Block;
import io.selvedge.api.model.ModelException;
import io.selvedge.protocol.model.ModelManifest;
import io.selvedge.protocol.model.ModelManifest.Golden;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Loads a model and believes nothing of it before it has been seen: the file must be the one that
 * the manifest names by size and digest, its tensors those of the manifest, and its outputs for the
 * golden rows those that the trainer computed. A damaged file often loads and computes nonsense.
 */
final class ModelLoader {

  /** One thread a prediction: the caller's. A gateway has other things to do. */
  private static final Map<String, String> OPTIONS =
      Map.of("intraOpNumThreads", "1", "interOpNumThreads", "1");

  private static final int MOST_MANIFEST_BYTES = 1 << 20;

  private final Engine engine;

  ModelLoader(Engine engine) {
    this.engine = engine;
  }

  /**
   * Loads and checks.
   *
   * @param manifestFile the manifest; the model's file lies beside it
   * @return a model that has one user, the caller
   * @throws ModelException refused, and why
   */
  LoadedModel load(Path manifestFile) throws ModelException {
    return load(manifestFile, readManifest(manifestFile));
  }

  LoadedModel load(Path manifestFile, ModelManifest manifest) throws ModelException {
    Path file = manifestFile.resolveSibling(manifest.file());
    checkFile(file, manifest);
    LoadedModel loaded = new LoadedModel(manifest, open(file, manifest));
    try {
      checkGolden(loaded);
      return loaded;
    } catch (ModelException e) {
      loaded.release();
      throw e;
    }
  }

  static ModelManifest readManifest(Path manifestFile) throws ModelException {
    try {
      if (Files.size(manifestFile) > MOST_MANIFEST_BYTES) {
        throw new ModelException(
            "model.malformed",
            "manifest [" + manifestFile + "] must be at most " + MOST_MANIFEST_BYTES + " bytes");
      }
      return ModelManifest.parse(Files.readAllBytes(manifestFile));
    } catch (IOException e) {
      throw new ModelException(
          "model.unreadable", "manifest [" + manifestFile + "] cannot be read: " + e, e);
    }
  }

  private static void checkFile(Path file, ModelManifest manifest) throws ModelException {
    if (!Files.isRegularFile(file)) {
      throw new ModelException(
          "model.file_missing",
          "model file [" + file + "] is not there; put it beside its manifest");
    }
    try {
      long size = Files.size(file);
      if (size != manifest.size()) {
        throw new ModelException(
            "model.digest_mismatch",
            "model file ["
                + file
                + "] has ["
                + size
                + "] bytes, must have "
                + manifest.size()
                + " as the manifest says; copy it again");
      }
      String digest = sha256(file);
      if (!digest.equals(manifest.sha256())) {
        throw new ModelException(
            "model.digest_mismatch",
            "model file ["
                + file
                + "] has the SHA-256 ["
                + digest
                + "], must have "
                + manifest.sha256()
                + " as the manifest says; copy it again");
      }
    } catch (IOException e) {
      throw new ModelException("model.unreadable", "model file [" + file + "]: " + e, e);
    }
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        DigestInputStream digesting =
            new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      digesting.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  private Model open(Path file, ModelManifest manifest) throws ModelException {
    Model model = engine.newModel(manifest.name(), Device.cpu());
    try {
      model.load(file, null, OPTIONS);
      checkInput(model.getBlock(), manifest);
      return model;
    } catch (ModelException e) {
      model.close();
      throw e;
    } catch (IOException | MalformedModelException | RuntimeException e) {
      model.close(); // else its native half stays until the garbage collector finds it
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new ModelException(
          "model.malformed",
          "model file [" + file + "] cannot be loaded: " + cause.getMessage(),
          e);
    }
  }

  private static void checkInput(Block block, ModelManifest manifest) throws ModelException {
    List<String> inputs = block.describeInput().keys();
    if (!inputs.equals(List.of(manifest.input()))) {
      throw new ModelException(
          "model.wrong_signature",
          "the graph has the inputs "
              + inputs
              + ", must have exactly ["
              + manifest.input()
              + "] as the manifest says");
    }
  }

  /** Row by row and all at once: the batch dimension must be free. */
  private static void checkGolden(LoadedModel model) throws ModelException {
    List<Golden> golden = model.manifest().golden();
    float[][] batch = new float[Math.max(2, golden.size())][];
    for (int i = 0; i < batch.length; i++) {
      Golden row = golden.get(i % golden.size());
      batch[i] = row.row();
      compare(model.manifest(), i % golden.size(), model.run(new float[][] {row.row()})[0]);
    }
    float[][] outputs = model.run(batch);
    for (int i = 0; i < batch.length; i++) {
      compare(model.manifest(), i % golden.size(), outputs[i]);
    }
  }

  private static void compare(ModelManifest manifest, int index, float[] actual)
      throws ModelException {
    float[] expected = manifest.golden().get(index).expect();
    for (int i = 0; i < expected.length; i++) {
      // Written so that NaN is a difference.
      if (!(Math.abs((double) actual[i] - expected[i]) <= manifest.tolerance())) {
        throw new ModelException(
            "model.golden_mismatch",
            "golden row ["
                + index
                + "] gives ["
                + actual[i]
                + "] as "
                + manifest.outputs().get(i)
                + ", must give "
                + expected[i]
                + " within "
                + manifest.tolerance()
                + "; the file is not what was trained");
      }
    }
  }
}
