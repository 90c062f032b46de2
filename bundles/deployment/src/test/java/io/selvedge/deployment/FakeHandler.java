package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.ArtifactException;
import io.selvedge.api.deployment.ArtifactHandler;
import io.selvedge.api.deployment.TrialFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Runs artifacts by remembering what their only file says. {@code persistent} survives a process,
 * as installed bundles do.
 */
class FakeHandler implements ArtifactHandler {

  final Map<String, String> running;
  final List<String> calls = new ArrayList<>();
  final Set<String> refuseCheck = new HashSet<>();
  final Set<String> refuseActivate = new HashSet<>();
  final Set<String> fail = new HashSet<>();
  final Set<String> broken = new HashSet<>();

  /** What runs in the shadow and what is watched while it is live, by name and version. */
  final Set<String> onTrial = new TreeSet<>();

  /** What is measured of one, by name and version. */
  final Map<String, TrialFigures> measured = new HashMap<>();

  FakeHandler() {
    this(new TreeMap<>());
  }

  FakeHandler(Map<String, String> persistent) {
    this.running = persistent;
  }

  @Override
  public void check(Artifact artifact, Path directory) throws ArtifactException {
    calls.add("check " + Activation.name(artifact));
    read(artifact, directory);
    refuse(refuseCheck, artifact, "fake.check");
    if (fail.contains(artifact.name())) {
      throw new IllegalStateException("a bug of the handler");
    }
  }

  @Override
  public void activate(Artifact artifact, Path directory) throws ArtifactException {
    calls.add("activate " + Activation.name(artifact));
    refuse(refuseActivate, artifact, "fake.activate");
    running.put(artifact.name(), read(artifact, directory));
  }

  @Override
  public void retire(Artifact artifact) {
    calls.add("retire " + Activation.name(artifact));
    running.remove(artifact.name());
  }

  @Override
  public boolean shadow(Artifact artifact, Path directory) throws ArtifactException {
    calls.add("shadow " + Activation.name(artifact));
    read(artifact, directory);
    if (!running.containsKey(artifact.name())) {
      return false;
    }
    return onTrial.add(artifact.name() + artifact.version());
  }

  @Override
  public void watch(Artifact artifact, Optional<Path> before) {
    measured.remove(artifact.name() + artifact.version()); // what it was in the shadow
    calls.add("watch " + Activation.name(artifact) + (before.isPresent() ? " beside" : ""));
    onTrial.add(artifact.name() + artifact.version());
  }

  @Override
  public TrialFigures figures(Artifact artifact) throws ArtifactException {
    if (broken.contains(artifact.name() + artifact.version())) {
      throw new ArtifactException("trial.broken", "it ended its run with [an error]");
    }
    return measured.getOrDefault(artifact.name() + artifact.version(), TrialFigures.NONE);
  }

  @Override
  public void endTrial(Artifact artifact) {
    onTrial.remove(artifact.name() + artifact.version());
  }

  private static void refuse(Set<String> names, Artifact artifact, String code)
      throws ArtifactException {
    if (names.contains(artifact.name() + artifact.version())) {
      throw new ArtifactException(code, "artifact [" + artifact.name() + "] is not liked");
    }
  }

  private static String read(Artifact artifact, Path directory) throws ArtifactException {
    try {
      Path file = directory.resolve(artifact.files().get(0).path());
      if (!BlobStore.sha256(file).equals(artifact.files().get(0).sha256())) {
        throw new ArtifactException("fake.damaged", "file [" + file + "] is damaged");
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new ArtifactException("fake.unreadable", e.toString(), e);
    }
  }
}
