package io.selvedge.bench.kill;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A disk that can be filled: a tmpfs of a few MiB in a mount namespace of its own, so that no right
 * is needed beyond that of having a user namespace, and nothing is left behind. A process holds the
 * namespace; programs are started within it.
 */
final class SmallDisk implements AutoCloseable {

  private static final String READY = "ready";
  private static final int CHUNK = 64 * 1024;

  private final Process holder;
  private final Path mountPoint;

  private SmallDisk(Process holder, Path mountPoint) {
    this.holder = holder;
    this.mountPoint = mountPoint;
  }

  /** Mounts one; empty where this machine does not allow it. */
  static Optional<SmallDisk> mount(Path mountPoint, int mebibytes) throws IOException {
    Files.createDirectories(mountPoint);
    String script =
        "mount -t tmpfs -o size="
            + mebibytes
            + "m,mode=700 tmpfs \"$1\" && echo "
            + READY
            + "; cat";
    Process holder;
    try {
      holder =
          new ProcessBuilder("unshare", "-rm", "sh", "-c", script, "sh", mountPoint.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      return Optional.empty(); // no such program
    }
    byte[] said = holder.getInputStream().readNBytes(READY.length());
    if (said.length < READY.length()) {
      end(holder);
      return Optional.empty();
    }
    return Optional.of(new SmallDisk(holder, mountPoint));
  }

  /** The command, run where the disk is seen. */
  List<String> within(List<String> command) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("nsenter", "-t", Long.toString(holder.pid()), "-U", "-m"));
    all.addAll(List.of("--preserve-credentials", "--"));
    all.addAll(command);
    return all;
  }

  /** The root directory as programs within see it, seen from outside. */
  Path root() {
    return Path.of("/proc/" + holder.pid() + "/root");
  }

  /** Fills it to the last byte. */
  void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(ballast())) {
      byte[] chunk = new byte[CHUNK];
      while (true) {
        out.write(chunk);
      }
    } catch (IOException e) {
      if (!Files.exists(ballast())) {
        throw e; // it was not the disk's end
      }
    }
  }

  /**
   * Frees what {@link #fill} took.
   *
   * @return whether it had been filled
   */
  boolean free() throws IOException {
    return Files.deleteIfExists(ballast());
  }

  private Path ballast() {
    return root().resolve(Path.of("/").relativize(mountPoint)).resolve("ballast");
  }

  private static void end(Process holder) throws IOException {
    holder.getOutputStream().close();
    try {
      if (!holder.waitFor(5, TimeUnit.SECONDS)) {
        holder.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    end(holder);
  }
}
