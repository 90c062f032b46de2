package io.selvedge.inference;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.ArtifactException;
import io.selvedge.api.deployment.ArtifactHandler;
import io.selvedge.api.model.ModelException;
import io.selvedge.protocol.model.ModelManifest;
import java.nio.file.Path;

/** Models out of deployments. Called on the deployment's thread only. */
final class DeployedModels implements ArtifactHandler {

  private final ModelLoader loader;
  private final LiveModels models;

  DeployedModels(ModelLoader loader, LiveModels models) {
    this.loader = loader;
    this.models = models;
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
