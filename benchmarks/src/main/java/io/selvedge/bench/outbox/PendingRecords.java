package io.selvedge.bench.outbox;

import io.selvedge.bench.Bench;
import io.selvedge.bench.Children;
import io.selvedge.bench.Figures;
import io.selvedge.bench.Limit;
import io.selvedge.bench.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Many records that wait, in processes of 16 MB of heap: filled, ended by SIGKILL, opened again,
 * all taken out.
 */
final class PendingRecords {

  private static final int HEAP_MIB = 16;
  private static final int BYTES_EACH = 160;
  private static final double MIB = 1024 * 1024;

  private final Path work;
  private final Figures figures;

  PendingRecords(Path work, Figures figures) {
    this.work = work;
    this.figures = figures;
  }

  void measure(int records) throws IOException, InterruptedException {
    String count = String.format(Locale.ROOT, "%,d", records);
    long needed = (long) records * BYTES_EACH;
    long free = Files.getFileStore(work).getUsableSpace();
    if (free < needed) {
      throw new UsageException(
          "disk of ["
              + work
              + "] has ["
              + free
              + "] bytes free; ["
              + count
              + "] records need ["
              + needed
              + "]; choose another with --dir, or fewer with --records");
    }
    Path directory = work.resolve("pending");
    figures.progress(count + " records go in, then SIGKILL");
    Children.Told filled =
        Children.run(
            PendingChild.class,
            List.of("-Xmx" + HEAP_MIB + "m"),
            List.of("fill", directory.toString(), Integer.toString(records)),
            "filled");
    figures.progress(count + " records are found and come out");
    Children.Told drained =
        Children.run(
            PendingChild.class,
            List.of("-Xmx" + HEAP_MIB + "m"),
            List.of("drain", directory.toString()),
            "");
    String of = ", " + count + " pending";
    figures.tell("opening after SIGKILL" + of, drained.get("opened"), "s", "in a heap of 16 MiB");
    figures.tell("accepted and durable" + of, filled.get("rate"), "records/s", "same heap");
    figures.tell("taken out and settled" + of, drained.get("drainRate"), "records/s", "same heap");
    double missing =
        Math.abs(records - drained.get("drained")) + Math.abs(drained.get("unaccounted"));
    figures.require(
        "records lost, doubled or not accounted for" + of, missing, "", Limit.atMost(0), "");
    figures.require(
        "heap" + of,
        Math.max(filled.get("heap"), drained.get("heap")) / MIB,
        "MiB",
        Limit.atMost(HEAP_MIB),
        "in use when garbage is gone; the process may not have more, garbage included");
    Bench.delete(directory);
    figures.tell("resident memory of the process" + of, drained.get("rss"), "MiB", "peak");
  }
}
