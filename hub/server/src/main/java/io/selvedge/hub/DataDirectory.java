package io.selvedge.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where a hub keeps everything; one process at a time.
 *
 * <pre>
 * auth/       the administrator's token
 * keys/       the key that deployments are signed with
 * store/      the embedded database
 * broker/     the embedded broker's journal
 * artifacts/  files by their digests
 * trainings/  one directory a training run
 * cache/      natives of the training engine
 * log/  run/  diary; addresses of the running hub, lock
 * </pre>
 */
final class DataDirectory implements AutoCloseable {

  private final Path root;
  private final FileChannel lockFile;

  private DataDirectory(Path root, FileChannel lockFile) {
    this.root = root;
    this.lockFile = lockFile;
  }

  /**
   * Makes what is missing and takes the lock.
   *
   * @throws IOException it cannot be made, or another hub runs on it
   */
  static DataDirectory open(Path root) throws IOException {
    Path absolute = root.toAbsolutePath().normalize();
    FileAttribute<?> mine =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(absolute, mine);
    for (String name : new String[] {"auth", "keys", "store", "artifacts", "trainings", "run"}) {
      Files.createDirectories(absolute.resolve(name), mine);
    }
    FileChannel file =
        FileChannel.open(
            absolute.resolve("run/lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!locked(file)) {
      file.close();
      throw new IOException(
          "data directory ["
              + absolute
              + "] is in use by another hub; stop it, or give another one with --data");
    }
    return new DataDirectory(absolute, file);
  }

  private static boolean locked(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock(); // held until the channel is closed
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // within this process
    }
  }

  Path path(String name) {
    return root.resolve(name);
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
