package io.selvedge.bench.inside;

import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.MeasurementListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How far the time between two reads of a device is from its interval. Settles, listens for a
 * while, and then writes the file: {@code READS_PER_SECOND CPU_PERCENT JITTER_P99_MS}.
 */
final class Gaps implements MeasurementListener {

  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long LISTEN_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final int MOST = 1 << 16;

  private final Path file;
  private final long interval;
  private final long begin = System.nanoTime() + SETTLE_NANOS;
  private final long[] errors = new long[MOST];
  private int count;
  private long cpu;
  private boolean done;

  Gaps(Path file, long intervalMillis) {
    this.file = file;
    this.interval = TimeUnit.MILLISECONDS.toNanos(intervalMillis);
  }

  @Override
  public synchronized void measured(List<Measurement> row) {
    Measurement last = row.get(row.size() - 1);
    long since = last.nanos() - begin;
    if (done || since < 0 || !last.channel().id().equals("gap")) {
      return;
    }
    try {
      if (count == 0) {
        cpu = cpuTicks();
      }
      if (since < LISTEN_NANOS && count < MOST) {
        errors[count++] = Math.abs((long) last.value().number().orElse(0) - interval);
      } else {
        done = true;
        tell(since / 1e9);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void tell(double seconds) throws IOException {
    double percent = (cpuTicks() - cpu) / seconds; // ticks are hundredths of a second
    long[] sorted = Arrays.copyOf(errors, count);
    Arrays.sort(sorted);
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(
        part, count / seconds + " " + percent + " " + sorted[count * 99 / 100] / 1e6 + "\n");
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Of this process, in hundredths of a second. */
  private static long cpuTicks() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }
}
