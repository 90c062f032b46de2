package io.selvedge.bench.outbox;

import io.selvedge.outbox.OutRecord;
import io.selvedge.outbox.Outbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/** Works an outbox: appends as fast as it accepts, waits for commits, takes everything out. */
final class Load {

  private static final int PRIORITY = 5;

  /** Of memory beside the payload, as the outbox counts it. */
  private static final int FRAMING = 128;

  /** What was committed counts until the next batch begins: half of what the outbox takes. */
  private static final long UNDER_WAY = 15L * 128 * 1024;

  private final Outbox outbox;

  Load(Outbox outbox) {
    this.outbox = outbox;
  }

  /**
   * Appends with a number of threads and waits until all of it is on disk.
   *
   * @return records a second that were accepted, which is to say durable
   */
  double append(int records, int payload, int threads)
      throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      int burst = (int) Math.max(1, UNDER_WAY / 2 / threads / (payload + FRAMING));
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int share = records / threads + (i < records % threads ? 1 : 0);
        work.add(() -> appendShare(share, payload, burst));
      }
      long begun = System.nanoTime();
      for (Future<Void> done : pool.invokeAll(work)) {
        done.get();
      }
      return records / seconds(begun);
    } finally {
      pool.shutdownNow();
    }
  }

  /** Two bursts are under way at most, so that the disk always has something to do. */
  private Void appendShare(int records, int payload, int burst)
      throws InterruptedException, ExecutionException {
    CompletableFuture<Long> before = CompletableFuture.completedFuture(0L);
    int left = records;
    while (left > 0) {
      int count = Math.min(left, burst);
      CompletableFuture<Long> last = before;
      for (int i = 0; i < count; i++) {
        last = append(PRIORITY, payload);
      }
      before.get();
      before = last;
      left -= count;
    }
    before.get();
    return null;
  }

  /** Each record is waited for before the next, at the priority that is committed at once. */
  double appendEach(int records, int payload) throws InterruptedException, ExecutionException {
    long begun = System.nanoTime();
    for (int i = 0; i < records; i++) {
      append(0, payload).get();
    }
    return records / seconds(begun);
  }

  private CompletableFuture<Long> append(int priority, int payload) {
    byte[] bytes = new byte[payload];
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i + 8 <= payload; i += 64) {
      bytes[i] = (byte) random.nextInt();
    }
    return outbox.append("", priority, Duration.ZERO, bytes).toCompletableFuture();
  }

  /** Takes everything out and settles it; records a second. */
  double drain() throws InterruptedException {
    long begun = System.nanoTime();
    long count = 0;
    Optional<OutRecord> record = outbox.poll(Duration.ZERO);
    while (record.isPresent()) {
      outbox.delivered(record.get());
      count++;
      record = outbox.poll(Duration.ZERO);
    }
    return count / seconds(begun);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
