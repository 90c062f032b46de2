package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One directory for each version of each artifact, its files under their own names: {@code
 * <kind>/<name>/<version>-<digest>}. A directory has its name only once it is complete.
 */
final class Staging {

  private static final int DIGEST_DIGITS = 12;

  private final Path root;
  private final BlobStore blobs;
  private final Disk disk;

  Staging(Path root, BlobStore blobs, Disk disk) {
    this.root = root;
    this.blobs = blobs;
    this.disk = disk;
  }

  Path directory(Artifact artifact) {
    return root.resolve(artifact.kind().name().toLowerCase(Locale.ROOT))
        .resolve(artifact.name())
        .resolve(artifact.version() + "-" + digest(artifact));
  }

  /**
   * Makes the artifact's directory from files that are in the store, where it is not there whole.
   * Whole files are compared with their digests here, as the disk has them.
   *
   * @return false where one is not what the artifact says; it has to be fetched again then
   */
  boolean stage(Artifact artifact) throws IOException {
    if (isIntact(artifact) || isIntactOnceMade(artifact)) {
      artifact.files().forEach(blobs::forgive);
      return true;
    }
    delete(artifact);
    blobs.doubt(artifact);
    return false;
  }

  private boolean isIntactOnceMade(Artifact artifact) throws IOException {
    Path directory = directory(artifact);
    disk.delete(directory);
    Path temporary = directory.resolveSibling("." + directory.getFileName() + ".tmp");
    disk.delete(temporary);
    disk.createDirectories(temporary);
    for (Artifact.File file : artifact.files()) {
      disk.link(blobs.path(file), temporary.resolve(file.path()));
    }
    disk.force(temporary);
    disk.rename(temporary, directory);
    return isIntact(artifact);
  }

  /** Whether the directory is there and every file in it what the artifact says. */
  boolean isIntact(Artifact artifact) throws IOException {
    for (Artifact.File file : artifact.files()) {
      Path path = directory(artifact).resolve(file.path());
      if (!Files.isRegularFile(path) || !BlobStore.sha256(path).equals(file.sha256())) {
        return false;
      }
    }
    return true;
  }

  void delete(Artifact artifact) throws IOException {
    disk.delete(directory(artifact));
  }

  /** Deletes every directory but those of these artifacts. */
  void retain(List<Artifact> artifacts) throws IOException {
    Set<Path> wanted = artifacts.stream().map(this::directory).collect(Collectors.toSet());
    for (Artifact.Kind kind : Artifact.Kind.values()) {
      Path ofKind = root.resolve(kind.name().toLowerCase(Locale.ROOT));
      for (Path ofName : list(ofKind)) {
        for (Path version : list(ofName)) {
          if (!wanted.contains(version)) {
            disk.delete(version);
          }
        }
        if (list(ofName).isEmpty()) {
          disk.delete(ofName);
        }
      }
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }

  /** Two artifacts that call themselves the same but are not get two directories. */
  private static String digest(Artifact artifact) {
    MessageDigest digest = Digests.sha256();
    artifact.files().stream()
        .map(file -> file.path() + " " + file.sha256() + "\n")
        .sorted()
        .forEach(line -> digest.update(line.getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(digest.digest()).substring(0, DIGEST_DIGITS);
  }
}
