package io.selvedge.hub.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Says when a disk is nearly full, so that nothing is written that would break. Thread-safe. */
public final class DiskWatch {

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private record Look(long nanos, Optional<String> obstacle) {}

  private final Path directory;
  private final long leastBytes;
  private final LongSupplier free;
  private volatile Look last = new Look(System.nanoTime() - LOOK_NANOS, Optional.empty());

  /**
   * @param directory on the disk
   * @param leastBytes that must be free
   */
  public DiskWatch(Path directory, long leastBytes) {
    this(directory, leastBytes, () -> usable(directory));
  }

  DiskWatch(Path directory, long leastBytes, LongSupplier free) {
    this.directory = directory;
    this.leastBytes = leastBytes;
    this.free = free;
  }

  /** Why nothing may be written; looks once a second at most. */
  public Optional<String> obstacle() {
    Look look = last;
    if (System.nanoTime() - look.nanos() >= LOOK_NANOS) {
      look = new Look(System.nanoTime(), look(free.getAsLong()));
      last = look;
    }
    return look.obstacle();
  }

  private Optional<String> look(long bytes) {
    return bytes >= leastBytes
        ? Optional.empty()
        : Optional.of(
            "disk of ["
                + directory
                + "] has ["
                + (bytes >> 20)
                + "] MB left and must have "
                + (leastBytes >> 20)
                + "; make room, or keep less with --keep-days");
  }

  private static long usable(Path directory) {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException("disk of [" + directory + "] cannot be asked", e);
    }
  }
}
