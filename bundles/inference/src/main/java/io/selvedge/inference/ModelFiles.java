package io.selvedge.inference;

import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.api.model.ModelException;
import io.selvedge.protocol.model.ModelManifest;
import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.apache.felix.fileinstall.ArtifactInstaller;

/**
 * Models as files: takes {@code NAME.model.json} and the ONNX file it names out of the folders that
 * File Install watches. A broken one is refused and reported; the one before goes on. A model file
 * that comes after its manifest makes the manifest be read again.
 *
 * <p>Called on File Install's thread only.
 */
final class ModelFiles implements ArtifactInstaller {

  private static final String MANIFEST = ".model.json";
  private static final String MODEL = ".onnx";

  private final ModelLoader loader;
  private final LiveModels models;
  private final Events events;

  /** The name that each manifest's file put into the table. */
  private final Map<Path, String> names = new HashMap<>();

  /** Manifests that were refused, with the model file they name where that is known. */
  private final Map<Path, String> refused = new HashMap<>();

  ModelFiles(ModelLoader loader, LiveModels models, Events events) {
    this.loader = loader;
    this.models = models;
    this.events = events;
  }

  @Override
  public boolean canHandle(File file) {
    return file.getName().endsWith(MANIFEST) || file.getName().endsWith(MODEL);
  }

  @Override
  public void install(File file) {
    update(file);
  }

  @Override
  public void update(File file) {
    Path path = file.toPath();
    if (file.getName().endsWith(MANIFEST)) {
      take(path);
      return;
    }
    List<Path> waiting =
        refused.entrySet().stream()
            .filter(entry -> entry.getKey().resolveSibling(entry.getValue()).equals(path))
            .map(Entry::getKey)
            .toList();
    waiting.forEach(this::take);
  }

  /** The manifest says what is live; a model file that goes is needed at the next start only. */
  @Override
  public void uninstall(File file) {
    Path path = file.toPath();
    refused.remove(path);
    String name = names.remove(path);
    if (name != null) {
      models.remove(LiveModels.Origin.FILE, name);
    }
  }

  private void take(Path manifestFile) {
    refused.put(manifestFile, "");
    try {
      ModelManifest manifest = ModelLoader.readManifest(manifestFile);
      refused.put(manifestFile, manifest.file());
      requireOwnName(manifestFile, manifest.name());
      LoadedModel model = loader.load(manifestFile, manifest);
      String before = names.put(manifestFile, manifest.name());
      models.put(LiveModels.Origin.FILE, model);
      if (before != null && !before.equals(manifest.name())) {
        models.remove(LiveModels.Origin.FILE, before);
      }
      refused.remove(manifestFile);
    } catch (ModelException e) {
      events.report(
          Event.Severity.WARNING,
          "model/" + stem(manifestFile),
          e.code(),
          "model file ["
              + manifestFile.getFileName()
              + "] is refused: "
              + e.getMessage()
              + (names.containsKey(manifestFile) ? "; the last good one goes on" : ""));
    }
  }

  private void requireOwnName(Path manifestFile, String name) throws ModelException {
    for (Entry<Path, String> other : names.entrySet()) {
      if (other.getValue().equals(name) && !other.getKey().equals(manifestFile)) {
        throw new ModelException(
            "model.name_taken",
            "model name ["
                + name
                + "] is that of ["
                + other.getKey().getFileName()
                + "] already; give it another name or remove that file");
      }
    }
  }

  private static String stem(Path manifestFile) {
    String name = String.valueOf(manifestFile.getFileName());
    return name.substring(0, name.length() - MANIFEST.length());
  }
}
