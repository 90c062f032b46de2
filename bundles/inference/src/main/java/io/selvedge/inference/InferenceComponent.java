package io.selvedge.inference;

import ai.djl.engine.Engine;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.ArtifactException;
import io.selvedge.api.deployment.ArtifactHandler;
import io.selvedge.api.event.Events;
import io.selvedge.api.model.ModelException;
import io.selvedge.api.model.ModelStatus;
import io.selvedge.api.model.Models;
import io.selvedge.api.model.Prediction;
import java.io.File;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The models of this gateway as services: {@link Models} for whoever predicts, the handler for
 * artifacts of the kind MODEL, and the installer for files. It has no thread of its own.
 */
@Component(
    service = {Models.class, ArtifactHandler.class, ArtifactInstaller.class},
    property = "artifact.kind=MODEL",
    immediate = true)
public final class InferenceComponent implements Models, ArtifactHandler, ArtifactInstaller {

  private final LiveModels models;
  private final ModelFiles files;
  private final DeployedModels deployed;

  @Activate
  public InferenceComponent(
      BundleContext context,
      @Reference(name = "engine", target = "(engine=OnnxRuntime)") Engine engine,
      @Reference(name = "events") Events events) {
    ModelLoader loader = new ModelLoader(engine);
    models = new LiveModels(events, Clock.systemUTC());
    files = new ModelFiles(loader, models, events);
    deployed = new DeployedModels(loader, models);
    String conf = context.getProperty("selvedge.conf");
    if (conf != null) {
      files.scan(Path.of(conf, "models"));
    }
  }

  @Deactivate
  void stop() {
    models.close();
  }

  @Override
  public List<ModelStatus> list() {
    return models.list();
  }

  @Override
  public Optional<ModelStatus> find(String name) {
    return models.find(name);
  }

  @Override
  public Prediction predict(String model, float[][] rows) throws ModelException {
    return models.predict(model, rows);
  }

  @Override
  public void check(Artifact artifact, Path directory) throws ArtifactException {
    deployed.check(artifact, directory);
  }

  @Override
  public void activate(Artifact artifact, Path directory) throws ArtifactException {
    deployed.activate(artifact, directory);
  }

  @Override
  public void retire(Artifact artifact) {
    deployed.retire(artifact);
  }

  @Override
  public boolean canHandle(File file) {
    return files.canHandle(file);
  }

  @Override
  public void install(File file) {
    files.install(file);
  }

  @Override
  public void update(File file) {
    files.update(file);
  }

  @Override
  public void uninstall(File file) {
    files.uninstall(file);
  }
}
