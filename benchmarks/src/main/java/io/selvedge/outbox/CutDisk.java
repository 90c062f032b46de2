package io.selvedge.outbox;

import io.selvedge.bench.kill.UndoLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A disk whose power can be cut by killing the process: all that is written goes into the file, and
 * what stood there before into an {@link UndoLog}, until the file is forced. Whoever outlives the
 * process takes any of it back.
 */
public final class CutDisk extends Storage {

  /** A sync takes a while, in which the power may go. */
  private static final long MOST_SYNC_NANOS = 5_000_000;

  private final UndoLog undo;
  private final boolean syncs;
  private final IdentityHashMap<FileChannel, Path> paths = new IdentityHashMap<>();
  private final Map<Path, Set<Long>> unsynced = new HashMap<>();

  private CutDisk(UndoLog undo, boolean syncs) {
    this.undo = undo;
    this.syncs = syncs;
  }

  /**
   * Opens an outbox on such a disk.
   *
   * @param undoLog made anew
   * @param syncs false: forcing a file does nothing, as on a disk that lies, or in a program
   *     without the call
   */
  public static Outbox open(Path directory, OutboxOptions options, Path undoLog, boolean syncs) {
    try {
      return SegmentOutbox.open(
          directory, options, new CutDisk(new UndoLog(undoLog), syncs), System::nanoTime);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  synchronized FileChannel open(Path file) throws IOException {
    if (Files.notExists(file)) {
      undo.made(file);
    }
    FileChannel channel = super.open(file);
    paths.put(channel, file);
    return channel;
  }

  @Override
  synchronized void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    Path file = path(channel);
    Set<Long> known = unsynced.computeIfAbsent(file, path -> new HashSet<>());
    long last = (at + bytes.remaining() - 1) / UndoLog.SECTOR;
    for (long sector = at / UndoLog.SECTOR; sector <= last; sector++) {
      if (known.add(sector)) {
        ByteBuffer before = ByteBuffer.allocate(UndoLog.SECTOR);
        channel.read(before, sector * UndoLog.SECTOR);
        undo.written(file, sector, before.array());
      }
    }
    undo.flush();
    super.write(channel, bytes, at);
  }

  @Override
  void force(FileChannel channel) throws IOException {
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MOST_SYNC_NANOS));
    if (syncs) {
      forced(path(channel));
    }
  }

  /** Zeros in a new file: whether they are there makes no difference to anybody. */
  @Override
  synchronized void fill(FileChannel channel, long size) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(64 * 1024);
    for (long at = 0; at < size; at += zeros.capacity()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), size - at));
      super.write(channel, zeros, at);
    }
    forced(path(channel));
  }

  @Override
  synchronized void forceDirectory(Path directory) throws IOException {
    undo.namesForced(directory);
    undo.flush();
  }

  private synchronized void forced(Path file) throws IOException {
    unsynced.remove(file);
    undo.forced(file);
    undo.flush();
  }

  private synchronized Path path(FileChannel channel) {
    Path path = paths.get(channel);
    if (path == null) {
      throw new IllegalStateException("channel was not opened here");
    }
    return path;
  }
}
