package io.selvedge.flow;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.ArtifactException;
import io.selvedge.api.deployment.ArtifactHandler;
import io.selvedge.api.deployment.TrialFigures;
import io.selvedge.flow.FlowRegistry.Origin;
import io.selvedge.flow.definition.FlowDefinition;
import io.selvedge.flow.definition.FlowException;
import io.selvedge.flow.run.FlowRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Flows of deployments: artifacts of kind FLOW with one file, {@code flow.json}. */
@Component(property = "artifact.kind=FLOW")
public final class FlowArtifacts implements ArtifactHandler {

  private static final String FILE = "flow.json";

  private final FlowEngine engine;

  @Activate
  public FlowArtifacts(@Reference(name = "engine") FlowEngine engine) {
    this.engine = engine;
  }

  @Override
  public void check(Artifact artifact, Path directory) throws ArtifactException {
    read(artifact, directory);
  }

  @Override
  public void activate(Artifact artifact, Path directory) throws ArtifactException {
    engine.registry().put(Origin.DEPLOYMENT, read(artifact, directory));
  }

  @Override
  public void retire(Artifact artifact) {
    engine.registry().remove(Origin.DEPLOYMENT, artifact.name());
  }

  @Override
  public void watch(Artifact artifact, Optional<Path> before) {
    engine.registry().runner(artifact.name()).ifPresent(FlowRunner::watch);
  }

  @Override
  public TrialFigures figures(Artifact artifact) {
    return engine
        .registry()
        .runner(artifact.name())
        .map(FlowRunner::figures)
        .orElse(TrialFigures.NONE);
  }

  @Override
  public void endTrial(Artifact artifact) {
    engine.registry().runner(artifact.name()).ifPresent(FlowRunner::endWatch);
  }

  private FlowDefinition read(Artifact artifact, Path directory) throws ArtifactException {
    FlowDefinition definition;
    try {
      definition = engine.read(FILE, Files.readAllBytes(directory.resolve(FILE)));
    } catch (FlowException e) {
      throw new ArtifactException(
          "flow.malformed",
          "artifact [" + artifact.name() + " " + artifact.version() + "]: " + e.getMessage(),
          e);
    } catch (IOException e) {
      throw new ArtifactException(
          "flow.unreadable",
          "artifact ["
              + artifact.name()
              + " "
              + artifact.version()
              + "] has no readable ["
              + FILE
              + "]: "
              + e,
          e);
    }
    if (!definition.name().equals(artifact.name())) {
      throw new ArtifactException(
          "flow.wrong_name",
          "artifact ["
              + artifact.name()
              + "] holds flow ["
              + definition.name()
              + "]; both must have one name, publish it anew");
    }
    return definition;
  }
}
