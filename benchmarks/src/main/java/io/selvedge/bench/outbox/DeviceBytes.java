package io.selvedge.bench.outbox;

import io.selvedge.bench.Figures;
import io.selvedge.outbox.OutRecord;
import io.selvedge.outbox.OutboxOptions;
import io.selvedge.outbox.OutboxStatus;
import io.selvedge.outbox.SegmentOutbox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** What the flash has to bear: bytes that reach the device for each byte of payload. */
final class DeviceBytes {

  private static final long DISK = 256L * 1024 * 1024;
  private static final long BUDGET = 32L * 1024 * 1024;
  private static final int SECONDS = 15;
  private static final int PAYLOAD = 100;
  private static final int PRIORITY = 5;

  private final Path work;
  private final Figures figures;

  DeviceBytes(Path work, Figures figures) {
    this.work = work;
    this.figures = figures;
  }

  /** At so many records a second, committed as shipped, delivered soon after. */
  void measure(int perSecond) throws Exception {
    Optional<LoopDisk> made = LoopDisk.make(work, DISK);
    if (made.isPresent()) {
      try (LoopDisk disk = made.get()) {
        measure(perSecond, disk.directory().resolve("outbox"), made);
      }
    } else {
      measure(perSecond, work.resolve("bytes"), made);
    }
  }

  private void measure(int perSecond, Path directory, Optional<LoopDisk> disk) throws Exception {
    OutboxOptions options = OutboxOptions.defaults().withBudget(BUDGET);
    try (SegmentOutbox outbox = SegmentOutbox.open(directory, options)) {
      Load load = new Load(outbox);
      load.append((int) (BUDGET / PAYLOAD), PAYLOAD, 1); // more than fits: all segments are made
      load.drain();
      long deviceBefore = written(disk);
      OutboxStatus before = outbox.status();
      figures.progress(perSecond + " records a second for " + SECONDS + " s");
      run(outbox, perSecond);
      OutboxStatus after = outbox.status();
      long deviceAfter = written(disk);
      double payload = after.payloadBytes() - before.payloadBytes();
      String of = ", " + perSecond + " records/s of " + PAYLOAD + " B";
      if (disk.isPresent()) {
        figures.tell(
            "bytes to the device / payload" + of,
            (deviceAfter - deviceBefore) / payload,
            "",
            "ext4 on a loop device of its own, journal included");
      }
      figures.tell(
          "bytes to files / payload" + of,
          (after.writtenBytes() - before.writtenBytes()) / payload,
          "",
          "the outbox's own count");
    }
  }

  private static long written(Optional<LoopDisk> disk) throws IOException, InterruptedException {
    return disk.isPresent() ? disk.get().written() : 0;
  }

  private static void run(SegmentOutbox outbox, int perSecond) throws InterruptedException {
    long begun = System.nanoTime();
    long interval = 1_000_000_000L / perSecond;
    for (long i = 0; i < (long) perSecond * SECONDS; i++) {
      long due = begun + i * interval;
      long left = due - System.nanoTime();
      while (left > 0) {
        LockSupport.parkNanos(left);
        left = due - System.nanoTime();
      }
      byte[] bytes = new byte[PAYLOAD];
      ThreadLocalRandom.current().nextBytes(bytes);
      outbox.append("bench", PRIORITY, Duration.ZERO, bytes);
      Optional<OutRecord> record = outbox.poll(Duration.ZERO);
      while (record.isPresent()) {
        outbox.delivered(record.get());
        record = outbox.poll(Duration.ZERO);
      }
    }
  }
}
