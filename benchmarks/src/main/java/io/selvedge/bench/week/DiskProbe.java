package io.selvedge.bench.week;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** How long a bare write and sync takes on a disk, ten times a second, while others use it. */
final class DiskProbe implements AutoCloseable {

  private static final long EVERY_NANOS = 100_000_000;
  private static final int BYTES = 512;

  private final FileChannel file;
  private final List<Double> millis = Collections.synchronizedList(new ArrayList<>());
  private final Thread thread = new Thread(this::run, "bench-disk-probe");
  private volatile boolean open = true;

  /** Begins at once. */
  DiskProbe(Path directory) throws IOException {
    file =
        FileChannel.open(
            directory.resolve("probe"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    file.write(ByteBuffer.allocate(BYTES), 0);
    file.force(true);
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (open) {
        long begun = System.nanoTime();
        file.write(ByteBuffer.allocate(BYTES), 0);
        file.force(false);
        millis.add((System.nanoTime() - begun) / 1e6);
        LockSupport.parkNanos(EVERY_NANOS);
      }
    } catch (IOException e) {
      // closed while it wrote; what was measured counts
    }
  }

  /** Of all until now. */
  double percentile(double share) {
    double[] sorted = List.copyOf(millis).stream().mapToDouble(Double::doubleValue).toArray();
    java.util.Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : WeekGateway.percentile(sorted, share);
  }

  @Override
  public void close() throws IOException {
    open = false;
    file.close();
  }
}
