package io.selvedge.console.auth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A small file that only this user may read (mode 0600, its directory 0700), written whole: after a
 * power cut it holds the old text or the new one.
 */
final class PrivateFile {

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));
  private static final int MAX_SIZE = 1 << 20;

  private final Path path;

  PrivateFile(Path path) {
    this.path = path;
  }

  /** The text, where the file is there and nobody else may read it. */
  Optional<String> read() throws IOException {
    if (!Files.isRegularFile(path) || Files.size(path) > MAX_SIZE || othersMayRead(path)) {
      return Optional.empty();
    }
    return Optional.of(Files.readString(path, StandardCharsets.UTF_8));
  }

  /**
   * Replaces the text.
   *
   * @throws IOException it could not be written, or the file system cannot keep it private
   */
  void write(String text) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException("[" + path + "] must be a file in a directory");
    }
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, mode("rwx------"));
    }
    if (othersMayRead(directory)) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
    Path fresh = directory.resolve("." + path.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            mode("rw-------"))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    if (othersMayRead(fresh)) {
      Files.deleteIfExists(fresh);
      throw new IOException(
          "file system of ["
              + directory
              + "] lets others read what is private; put the instance on one with permissions");
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static boolean othersMayRead(Path path) throws IOException {
    Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(path));
    permissions.retainAll(OTHERS);
    return !permissions.isEmpty();
  }

  private static FileAttribute<Set<PosixFilePermission>> mode(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }
}
