package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.ArtifactException;
import io.selvedge.api.deployment.ArtifactHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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
