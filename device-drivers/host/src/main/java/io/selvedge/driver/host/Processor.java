package io.selvedge.driver.host;

import io.selvedge.api.device.Value.Reason;
import java.util.List;

/** How busy the processors were since the last read: {@code /proc/stat}, proc(5). */
final class Processor {

  private static final String STAT = "proc/stat";

  /** user, nice, system, idle, iowait, irq, softirq, steal; guests are counted in user. */
  private static final int COUNTED = 8;

  private static final int IDLE = 3;
  private static final int IOWAIT = 4;

  private final KernelFiles files;
  private long busyBefore;
  private long totalBefore;

  Processor(KernelFiles files) {
    this.files = files;
  }

  /** Percent of all processors' time. */
  double use() throws Unavailable {
    List<String> words = files.words(STAT, "cpu");
    long total = 0;
    long idle = 0;
    for (int i = 0; i < Math.min(COUNTED, words.size()); i++) {
      long ticks = KernelFiles.whole(words.get(i), STAT);
      total += ticks;
      idle += i == IDLE || i == IOWAIT ? ticks : 0;
    }
    long busy = total - idle;
    long passed = total - totalBefore;
    long worked = busy - busyBefore;
    boolean first = totalBefore == 0;
    totalBefore = total;
    busyBefore = busy;
    if (first || passed <= 0) {
      throw new Unavailable(Reason.NOT_READY, "it is the difference of two reads");
    }
    // The kernel's iowait may go back a little, proc(5).
    return Math.max(0, Math.min(100, 100.0 * worked / passed));
  }
}
