package io.selvedge.inference;

import ai.djl.engine.Engine;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.ArtifactException;
import io.selvedge.api.deployment.ArtifactHandler;
import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.api.event.Events;
import io.selvedge.api.flow.Decision;
import io.selvedge.api.flow.DecisionListener;
import io.selvedge.api.model.ModelException;
import io.selvedge.api.model.ModelStatus;
import io.selvedge.api.model.Models;
import io.selvedge.api.model.Prediction;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.RequestHandler;
import java.io.File;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The models of this gateway as services: {@link Models} for whoever predicts, the handler for
 * artifacts of the kind MODEL, the installer for files, and who takes labels. Its only thread is
 * that of trials.
 */
@Component(
    service = {
      Models.class,
      ArtifactHandler.class,
      ArtifactInstaller.class,
      DecisionListener.class,
      RequestHandler.class
    },
    property = {"artifact.kind=MODEL", "app.id=" + LabelRequests.APP},
    immediate = true)
public final class InferenceComponent
    implements Models, ArtifactHandler, ArtifactInstaller, DecisionListener, RequestHandler {

  private final LiveModels models;
  private final ModelFiles files;
  private final DeployedModels deployed;
  private final LabelRequests labels;

  @Activate
  public InferenceComponent(
      BundleContext context,
      @Reference(name = "engine", target = "(engine=OnnxRuntime)") Engine engine,
      @Reference(name = "events") Events events) {
    ModelLoader loader = new ModelLoader(engine);
    ModelTrials trials = new ModelTrials();
    models = new LiveModels(events, Clock.systemUTC(), trials);
    files = new ModelFiles(loader, models, events);
    deployed = new DeployedModels(loader, models, trials);
    labels = new LabelRequests(trials, models);
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
  public Map<String, List<String>> waiting() {
    return models.waiting();
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
  public boolean shadow(Artifact artifact, Path directory) throws ArtifactException {
    return deployed.shadow(artifact, directory);
  }

  @Override
  public void watch(Artifact artifact, Optional<Path> before) {
    deployed.watch(artifact, before);
  }

  @Override
  public TrialFigures figures(Artifact artifact) throws ArtifactException {
    return deployed.figures(artifact);
  }

  @Override
  public void endTrial(Artifact artifact) {
    deployed.endTrial(artifact);
  }

  @Override
  public void decided(Decision decision) {
    labels.decided(decision);
  }

  @Override
  public Reply handle(Request request) {
    return labels.handle(request);
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
