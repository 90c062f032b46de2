package io.selvedge.outbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Optional;

/** Keeps an outbox to one process; the lock ends with the channel, or with the process. */
final class DirectoryLock {

  private DirectoryLock() {}

  static FileChannel take(Storage storage, Path directory) throws IOException {
    FileChannel channel = storage.open(directory.resolve("lock"));
    Optional<FileLock> lock;
    try {
      lock = Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException e) {
      lock = Optional.empty();
    }
    if (lock.isEmpty()) {
      channel.close();
      throw new OutboxException(
          "outbox [" + directory + "] is in use; only one process may open it, end the other one");
    }
    return channel;
  }
}
