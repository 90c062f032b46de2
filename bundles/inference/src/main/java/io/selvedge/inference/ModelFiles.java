package io.selvedge.inference;

import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.api.model.ModelException;
import io.selvedge.protocol.model.ModelManifest;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.felix.fileinstall.ArtifactInstaller;

/**
 * Models as files: takes {@code NAME.model.json} and the ONNX file it names out of the folders that
 * File Install watches. A broken one is refused and reported; the one before goes on. A model file
 * that comes after its manifest makes the manifest be read again.
 *
 * <p>File Install tells an installer of each file once, and not again when the installer's bundle
 * was restarted: so {@link #scan} looks itself, first, and what comes the same a second time is
 * passed over. Called on one thread at a time.
 */
final class ModelFiles implements ArtifactInstaller {

  private static final String MANIFEST = ".model.json";
  private static final String MODEL = ".onnx";

  private final ModelLoader loader;
  private final LiveModels models;
  private final Events events;

  /** What each manifest's file put into the table. */
  private final Map<Path, ModelManifest> taken = new HashMap<>();

  /** Manifests that were refused. */
  private final Map<Path, Refused> refused = new HashMap<>();

  /**
   * The model file that a manifest names, empty where not even that is known, and what was said.
   */
  private record Refused(String file, String message) {}

  ModelFiles(ModelLoader loader, LiveModels models, Events events) {
    this.loader = loader;
    this.models = models;
    this.events = events;
  }

  /** Takes what lies in a folder already. */
  void scan(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> manifests = Files.newDirectoryStream(folder, "*" + MANIFEST)) {
      manifests.forEach(this::take);
    } catch (IOException | DirectoryIteratorException e) {
      events.report(
          Event.Severity.WARNING,
          "model",
          "model.unreadable",
          "folder [" + folder + "] cannot be read: " + e);
    }
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
    refused.entrySet().stream()
        .filter(entry -> entry.getKey().resolveSibling(entry.getValue().file()).equals(path))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::take);
  }

  /** The manifest says what is live; a model file that goes is needed at the next start only. */
  @Override
  public void uninstall(File file) {
    Path path = file.toPath();
    refused.remove(path);
    ModelManifest gone = taken.remove(path);
    if (gone != null) {
      models.remove(LiveModels.Origin.FILE, gone.name());
    }
  }

  private void take(Path path) {
    String file = "";
    try {
      ModelManifest manifest = ModelLoader.readManifest(path);
      file = manifest.file();
      ModelManifest before = taken.get(path);
      if (before == null || !Arrays.equals(before.toJson(), manifest.toJson())) {
        requireOwnName(path, manifest.name());
        models.put(LiveModels.Origin.FILE, loader.load(path, manifest));
        taken.put(path, manifest);
        if (before != null && !before.name().equals(manifest.name())) {
          models.remove(LiveModels.Origin.FILE, before.name());
        }
      }
      refused.remove(path);
    } catch (ModelException e) {
      refuse(path, file, e);
    }
  }

  private void refuse(Path path, String file, ModelException e) {
    Refused now = new Refused(file, String.valueOf(e.getMessage()));
    if (!now.equals(refused.put(path, now))) {
      events.report(
          Event.Severity.WARNING,
          "model/" + stem(path),
          e.code(),
          "model file ["
              + path.getFileName()
              + "] is refused: "
              + now.message()
              + (taken.containsKey(path) ? "; the last good one goes on" : ""));
    }
  }

  private void requireOwnName(Path path, String name) throws ModelException {
    for (Map.Entry<Path, ModelManifest> other : taken.entrySet()) {
      if (other.getValue().name().equals(name) && !other.getKey().equals(path)) {
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

  private static String stem(Path path) {
    String name = String.valueOf(path.getFileName());
    return name.substring(0, name.length() - MANIFEST.length());
  }
}
