package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Files by their SHA-256. A file has its name only once all its bytes have been verified; until
 * then it is called {@code <sha256>.part} and holds the first bytes, without gaps, so that a
 * transfer goes on where it stopped.
 */
final class BlobStore {

  private static final String PART = ".part";

  private final Path directory;
  private final Disk disk;

  /** Digests of files that this process has read whole; they need not be read again. */
  private final Set<String> verified = new HashSet<>();

  BlobStore(Path directory, Disk disk) {
    this.directory = directory;
    this.disk = disk;
  }

  Path path(Artifact.File file) {
    return directory.resolve(file.sha256());
  }

  /** Whether the file is here and still what its name says; one that is not is deleted. */
  boolean has(Artifact.File file) throws IOException {
    Path path = path(file);
    if (!Files.isRegularFile(path)) {
      return false;
    }
    if (verified.contains(file.sha256())) {
      return true;
    }
    if (Files.size(path) == file.size() && sha256(path).equals(file.sha256())) {
      verified.add(file.sha256());
      return true;
    }
    disk.delete(path);
    return false;
  }

  /** Looks anew the next time: something that reads these files has found them damaged. */
  void doubt(Artifact artifact) {
    artifact.files().forEach(file -> verified.remove(file.sha256()));
  }

  /** How many bytes are here already. */
  long partSize(Artifact.File file) throws IOException {
    Path part = part(file);
    if (!Files.exists(part)) {
      return 0;
    }
    if (Files.size(part) > file.size()) {
      disk.delete(part);
      return 0;
    }
    return Files.size(part);
  }

  /** Bytes that may be written before the disk is full. */
  long room() throws IOException {
    disk.createDirectories(directory);
    return Files.getFileStore(directory).getUsableSpace();
  }

  /** Opens the partial file for appending. */
  FileChannel append(Artifact.File file) throws IOException {
    disk.createDirectories(directory);
    return FileChannel.open(part(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  void write(FileChannel channel, byte[] bytes) throws IOException {
    disk.append(channel, ByteBuffer.wrap(bytes));
  }

  /**
   * Verifies the partial file and gives it its name. One that is not what its name says is deleted.
   *
   * @return whether it is
   */
  boolean complete(Artifact.File file) throws IOException {
    Path part = part(file);
    if (Files.size(part) != file.size() || !sha256(part).equals(file.sha256())) {
      disk.delete(part);
      return false;
    }
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      disk.sync(channel);
    }
    disk.rename(part, path(file));
    verified.add(file.sha256());
    return true;
  }

  /** Deletes every file that none of these artifacts has. */
  void retain(List<Artifact> artifacts) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    Set<String> wanted =
        artifacts.stream()
            .flatMap(artifact -> artifact.files().stream())
            .map(Artifact.File::sha256)
            .collect(Collectors.toSet());
    List<Path> all;
    try (Stream<Path> list = Files.list(directory)) {
      all = list.toList();
    }
    for (Path one : all) {
      String name = String.valueOf(one.getFileName());
      if (!wanted.contains(name.endsWith(PART) ? name.substring(0, 64) : name)) {
        disk.delete(one);
      }
    }
  }

  static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = Digests.sha256();
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  private Path part(Artifact.File file) {
    return directory.resolve(file.sha256() + PART);
  }
}
