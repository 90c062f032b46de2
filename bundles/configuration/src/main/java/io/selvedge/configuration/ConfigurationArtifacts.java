package io.selvedge.configuration;

import io.selvedge.api.configuration.Snapshots;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.deployment.ArtifactException;
import io.selvedge.api.deployment.ArtifactHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Configurations of deployments: artifacts of kind CONFIGURATION with files {@code PID.cfg} or
 * {@code FACTORYPID-name.cfg}, which it puts into {@code conf/}, all of them in one change. How the
 * files were before is kept, and they are so again, byte for byte, when the deployment no longer
 * names them. While it does, what it says counts: a file that was changed here meanwhile is put
 * back at the next start; the change stays in the snapshots.
 */
@Component(property = "artifact.kind=CONFIGURATION")
public final class ConfigurationArtifacts implements ArtifactHandler {

  private final Snapshots snapshots;
  private final Path conf;
  private final BeforeImages images;

  @Activate
  public ConfigurationArtifacts(
      BundleContext context, @Reference(name = "snapshots") Snapshots snapshots) {
    this(
        snapshots,
        Path.of(context.getProperty("selvedge.conf")),
        Path.of(context.getProperty("selvedge.data")),
        new Durable());
  }

  ConfigurationArtifacts(Snapshots snapshots, Path conf, Path data, Durable disk) {
    this.snapshots = snapshots;
    this.conf = conf;
    images = new BeforeImages(data.resolve("deployment/configuration"), conf, disk);
  }

  @Override
  public void check(Artifact artifact, Path directory) throws ArtifactException {
    try {
      requireFree(artifact);
      for (Artifact.File file : artifact.files()) {
        check(artifact, file.path(), Files.readAllBytes(directory.resolve(file.path())));
      }
    } catch (IOException e) {
      throw unreadable(artifact, e);
    }
  }

  private static void check(Artifact artifact, String file, byte[] content)
      throws ArtifactException {
    if (!ConfigurationFiles.isName(file)) {
      throw new ArtifactException(
          "configuration.malformed",
          text(artifact)
              + " has file ["
              + file
              + "]; it must be named PID.cfg or FACTORYPID-name.cfg (or .config), publish it anew");
    }
    try {
      ConfigurationFiles.read(file, content);
    } catch (IOException | RuntimeException e) {
      throw new ArtifactException(
          "configuration.malformed",
          text(artifact) + " has file [" + file + "], which cannot be read: " + e.getMessage(),
          e);
    }
  }

  private void requireFree(Artifact artifact) throws IOException, ArtifactException {
    Map<String, String> owners = images.owners();
    for (Artifact.File file : artifact.files()) {
      String owner = owners.getOrDefault(file.path(), artifact.name());
      if (!owner.equals(artifact.name())) {
        throw new ArtifactException(
            "configuration.taken",
            text(artifact)
                + " holds file ["
                + file.path()
                + "], which artifact ["
                + owner
                + "] has already; deploy without that one first");
      }
    }
  }

  @Override
  public void activate(Artifact artifact, Path directory) throws ArtifactException {
    try {
      requireFree(artifact);
      Map<String, byte[]> put = new TreeMap<>();
      for (Artifact.File file : artifact.files()) {
        images.keep(artifact.name(), file.path());
        put.put(file.path(), Files.readAllBytes(directory.resolve(file.path())));
      }
      Set<String> restored = new TreeSet<>(images.files(artifact.name()));
      restored.removeAll(put.keySet());
      write(artifact, put, restored, "deployment of " + text(artifact));
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(artifact, e);
    }
  }

  @Override
  public void retire(Artifact artifact) {
    try {
      write(
          artifact,
          new TreeMap<>(),
          images.files(artifact.name()),
          "deployment no longer has " + text(artifact));
    } catch (IOException e) {
      throw new UncheckedIOException("files of " + text(artifact) + " cannot be restored", e);
    }
  }

  /** Puts files in and others back to what they were, as one change. */
  private void write(Artifact artifact, Map<String, byte[]> put, Set<String> restored, String why)
      throws IOException {
    Set<String> delete = new TreeSet<>();
    for (String file : restored) {
      images
          .before(artifact.name(), file)
          .ifPresentOrElse(before -> put.put(file, before), () -> delete.add(file));
    }
    if (!isSo(put, delete)) {
      snapshots.write(put, delete, why);
    }
    for (String file : restored) {
      images.forget(artifact.name(), file);
    }
  }

  private boolean isSo(Map<String, byte[]> put, Set<String> delete) throws IOException {
    for (Map.Entry<String, byte[]> one : put.entrySet()) {
      Path file = conf.resolve(one.getKey());
      if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), one.getValue())) {
        return false;
      }
    }
    return delete.stream().noneMatch(file -> Files.exists(conf.resolve(file)));
  }

  private static ArtifactException unreadable(Artifact artifact, Exception e) {
    return new ArtifactException(
        "configuration.not_written", text(artifact) + " cannot be put into [conf]: " + e, e);
  }

  private static String text(Artifact artifact) {
    return "artifact [" + artifact.name() + " " + artifact.version() + "]";
  }
}
