package io.selvedge.bench.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * A file system of its own in a file, so that what reaches its block device is counted apart from
 * all else: ext4 on a loop device. Needs root.
 */
final class LoopDisk implements AutoCloseable {

  private static final int SECTOR = 512;
  private static final int SECTORS_WRITTEN = 6;
  private static final int TRIES = 20;

  private final Path mountPoint;
  private final Path statistics;
  private final Thread end = new Thread(this::unmount, "bench-unmount");

  private LoopDisk(Path mountPoint, Path statistics) {
    this.mountPoint = mountPoint;
    this.statistics = statistics;
    Runtime.getRuntime().addShutdownHook(end); // for Ctrl-C
  }

  /** Empty where this user or machine cannot. */
  static Optional<LoopDisk> make(Path directory, long size)
      throws IOException, InterruptedException {
    Path image = Files.write(directory.resolve("disk.img"), new byte[1]);
    Path mountPoint = Files.createDirectory(directory.resolve("disk"));
    try (SeekableByteChannel channel = Files.newByteChannel(image, StandardOpenOption.WRITE)) {
      channel.position(size - 1).write(ByteBuffer.allocate(1));
    }
    if (!run(
            "mkfs.ext4",
            "-q",
            "-F",
            "-E",
            "lazy_itable_init=0,lazy_journal_init=0",
            image.toString())
        || !run("mount", "-o", "loop", image.toString(), mountPoint.toString())) {
      return Optional.empty();
    }
    String device =
        Files.readAllLines(Path.of("/proc/self/mounts")).stream()
            .map(line -> line.split(" ", 3))
            .filter(fields -> fields[1].equals(mountPoint.toString()))
            .map(fields -> Path.of(fields[0]).getFileName().toString())
            .findFirst()
            .orElseThrow(() -> new IOException("mount [" + mountPoint + "] is not listed"));
    return Optional.of(new LoopDisk(mountPoint, Path.of("/sys/class/block", device, "stat")));
  }

  Path directory() {
    return mountPoint;
  }

  /** Bytes written to the device so far, the file system's own included. */
  long written() throws IOException, InterruptedException {
    run("sync", "-f", mountPoint.toString());
    String[] fields = Files.readString(statistics).strip().split(" +", -1);
    return Long.parseLong(fields[SECTORS_WRITTEN]) * SECTOR;
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(List.of(command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false; // there is no such program
    }
  }

  private boolean unmount() {
    try {
      boolean done = run("umount", mountPoint.toString());
      for (int i = 0; i < TRIES && !done; i++) { // somebody may be looking at it just now
        Thread.sleep(500);
        done = run("umount", mountPoint.toString());
      }
      return done;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    Runtime.getRuntime().removeShutdownHook(end);
    if (!unmount()) {
      throw new IOException("[" + mountPoint + "] stays mounted; unmount it by umount");
    }
  }
}
