package io.selvedge.configuration;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files that are whole or not there, whenever the power goes: written beside, to the disk, renamed.
 * What is written may hold passwords: a new file is the owner's alone, one that is replaced keeps
 * its permissions.
 */
class Durable {

  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");

  final void write(Path file, byte[] content) throws IOException {
    Path beside = file.resolveSibling("." + file.getFileName() + ".new");
    try {
      writeBeside(
          beside, content, Files.exists(file) ? Files.getPosixFilePermissions(file) : OWNER);
      rename(beside, file);
    } catch (IOException e) {
      deleteQuietly(beside); // on a full disk it would take room, and one more each time
      throw e;
    }
    force(file.toAbsolutePath().resolveSibling(""));
  }

  private static void deleteQuietly(Path beside) {
    try {
      Files.deleteIfExists(beside);
    } catch (IOException e) {
      // why it was not written is told
    }
  }

  /** Does nothing where there is no such file. */
  final void delete(Path file) throws IOException {
    if (Files.exists(file)) {
      remove(file);
      force(file.toAbsolutePath().resolveSibling(""));
    }
  }

  void writeBeside(Path beside, byte[] content, Set<PosixFilePermission> permissions)
      throws IOException {
    Files.deleteIfExists(beside);
    Files.createFile(beside, PosixFilePermissions.asFileAttribute(OWNER));
    Files.setPosixFilePermissions(beside, permissions);
    Files.write(beside, content);
    try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  void rename(Path beside, Path file) throws IOException {
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
  }

  void remove(Path file) throws IOException {
    Files.delete(file);
  }

  void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
