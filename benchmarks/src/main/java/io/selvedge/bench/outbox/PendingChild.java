package io.selvedge.bench.outbox;

import io.selvedge.outbox.OutRecord;
import io.selvedge.outbox.OutboxOptions;
import io.selvedge.outbox.OutboxStatus;
import io.selvedge.outbox.SegmentOutbox;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A process of its own with a small heap: fills an outbox and waits for its end by SIGKILL, or
 * opens one that was left so, and takes everything out. Tells what it found as lines NAME=VALUE.
 */
final class PendingChild {

  private static final int PAYLOAD = 100;
  private static final long BUDGET = 4L * 1024 * 1024 * 1024;
  private static final int MORE = 10_000;

  private PendingChild() {}

  /** Arguments: fill DIRECTORY RECORDS, or drain DIRECTORY. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[1]);
    if (args[0].equals("fill")) {
      fill(directory, Integer.parseInt(args[2]));
    } else {
      drain(directory);
    }
  }

  private static SegmentOutbox open(Path directory) {
    return SegmentOutbox.open(directory, OutboxOptions.defaults().withBudget(BUDGET));
  }

  private static void fill(Path directory, int records) throws Exception {
    SegmentOutbox outbox = open(directory);
    tell("rate", new Load(outbox).append(records, PAYLOAD, 1));
    tell("heap", heap());
    tell("filled", 1);
    Thread.currentThread().join(); // until it is killed
  }

  private static void drain(Path directory) throws Exception {
    long begun = System.nanoTime();
    try (SegmentOutbox outbox = open(directory)) {
      tell("opened", (System.nanoTime() - begun) / 1e9);
      OutboxStatus found = outbox.status();
      tell("pending", (double) found.pending());
      tell("heap", heap());
      Load load = new Load(outbox);
      tell("rate", load.append(MORE, PAYLOAD, 1));
      long count = 0;
      long last = 0;
      Optional<OutRecord> record = outbox.poll(Duration.ZERO);
      long drainBegun = System.nanoTime();
      while (record.isPresent()) {
        if (record.get().id() <= last) {
          throw new IOException("record [" + record.get().id() + "] came after [" + last + "]");
        }
        last = record.get().id();
        outbox.delivered(record.get());
        count++;
        record = outbox.poll(Duration.ZERO);
      }
      tell("drained", (double) (count - MORE));
      tell("drainRate", count / ((System.nanoTime() - drainBegun) / 1e9));
      OutboxStatus end = outbox.status();
      tell("unaccounted", (double) (end.accepted() - end.delivered() - end.pending()));
    }
  }

  /** Bytes of heap that are in use when the garbage is gone. */
  private static double heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void tell(String name, double value) {
    System.out.println(name + "=" + value);
  }
}
