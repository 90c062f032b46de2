package io.selvedge.inference;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.ArtifactException;
import io.selvedge.api.deployment.ArtifactHandler;
import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.model.ModelException;
import io.selvedge.protocol.model.ModelManifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Models out of deployments. Called on the deployment's thread only. */
final class DeployedModels implements ArtifactHandler {

  private static final Logger log = LoggerFactory.getLogger(DeployedModels.class);

  private final ModelLoader loader;
  private final LiveModels models;
  private final ModelTrials trials;

  DeployedModels(ModelLoader loader, LiveModels models, ModelTrials trials) {
    this.loader = loader;
    this.models = models;
    this.trials = trials;
  }

  @Override
  public void check(Artifact artifact, Path directory) throws ArtifactException {
    load(artifact, directory).release();
  }

  @Override
  public void activate(Artifact artifact, Path directory) throws ArtifactException {
    models.put(LiveModels.Origin.DEPLOYMENT, load(artifact, directory));
  }

  @Override
  public void retire(Artifact artifact) {
    models.remove(LiveModels.Origin.DEPLOYMENT, artifact.name());
  }

  @Override
  public boolean shadow(Artifact artifact, Path directory) throws ArtifactException {
    Optional<LoadedModel> live = models.use(artifact.name());
    if (live.isEmpty()) {
      return false;
    }
    try {
      LoadedModel subject = load(artifact, directory);
      if (!ModelTrial.canTake(subject.manifest(), live.get().manifest())) {
        subject.release();
        live.get().release();
        return false;
      }
      List<float[]> before = reference(subject.manifest(), models.recent(artifact.name()));
      trials.begin(artifact.name(), new ModelTrial(subject, live, false, before));
      return true;
    } catch (ArtifactException | RuntimeException e) {
      live.get().release();
      throw e;
    }
  }

  @Override
  public void watch(Artifact artifact, Optional<Path> before) {
    Optional<LoadedModel> subject = models.use(artifact.name());
    if (subject.isEmpty()) {
      return;
    }
    ModelManifest manifest = subject.get().manifest();
    Optional<LoadedModel> other = before(artifact, before);
    if (other.isPresent() && !ModelTrial.canTake(other.get().manifest(), manifest)) {
      other.get().release();
      other = Optional.empty();
    }
    List<float[]> rows = reference(manifest, models.recentBefore(artifact.name()));
    trials.begin(artifact.name(), new ModelTrial(subject.get(), other, true, rows));
  }

  private Optional<LoadedModel> before(Artifact artifact, Optional<Path> directory) {
    if (directory.isEmpty()) {
      return models.useFile(artifact.name());
    }
    try {
      return Optional.of(loader.load(directory.get().resolve(ModelManifest.FILE_NAME)));
    } catch (ModelException e) {
      log.warn("Model [{}] is not compared with the one before", artifact.name(), e);
      return Optional.empty();
    }
  }

  /** Rows that its inputs are compared with: those before it, else its golden ones. */
  private static List<float[]> reference(
      ModelManifest manifest, Optional<LiveModels.Sample> before) {
    List<float[]> rows = new ArrayList<>();
    if (before.isPresent() && ModelTrial.canTake(manifest, before.get().manifest())) {
      int[] columns = ModelTrial.columns(manifest, before.get().manifest());
      before.get().rows().forEach(row -> rows.add(ModelTrial.map(row, columns)));
    }
    if (rows.size() < Drift.FEWEST) {
      rows.clear();
      manifest.golden().forEach(golden -> rows.add(golden.row()));
    }
    return rows;
  }

  @Override
  public TrialFigures figures(Artifact artifact) throws ArtifactException {
    Optional<ModelTrial> trial = trials.find(artifact.name());
    Optional<ModelException> broken = trial.flatMap(ModelTrial::broken);
    if (broken.isPresent()) {
      throw new ArtifactException(
          "trial.broken", String.valueOf(broken.get().getMessage()), broken.get());
    }
    return trial.map(ModelTrial::figures).orElse(TrialFigures.NONE);
  }

  @Override
  public void endTrial(Artifact artifact) {
    trials.end(artifact.name());
  }

  private LoadedModel load(Artifact artifact, Path directory) throws ArtifactException {
    try {
      Path file = directory.resolve(ModelManifest.FILE_NAME);
      ModelManifest manifest = ModelLoader.readManifest(file);
      if (!manifest.name().equals(artifact.name())
          || !manifest.version().equals(artifact.version())) {
        throw new ModelException(
            "model.wrong_name",
            "manifest is of model ["
                + manifest.name()
                + " "
                + manifest.version()
                + "], must be of ["
                + artifact.name()
                + " "
                + artifact.version()
                + "] as the deployment says");
      }
      return loader.load(file, manifest);
    } catch (ModelException e) {
      throw new ArtifactException(e.code(), String.valueOf(e.getMessage()), e);
    }
  }
}
