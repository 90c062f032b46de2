package io.selvedge.configuration;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The thread {@code selvedge-configuration}: many changes in a row are one. The work is done once
 * it has been quiet for a while, and at the latest so long after the first change.
 */
final class Debounce {

  private final Duration quiet;
  private final Duration longest;
  private final LongSupplier nanos;
  private final Runnable work;
  private final ScheduledThreadPoolExecutor executor;
  private Optional<ScheduledFuture<?>> next = Optional.empty();
  private long first;

  /**
   * @param nanos a clock that only goes forward: {@link System#nanoTime}
   * @param work is done on its thread
   */
  Debounce(Duration quiet, Duration longest, LongSupplier nanos, Runnable work) {
    this.quiet = quiet;
    this.longest = longest;
    this.nanos = nanos;
    this.work = work;
    executor = new ScheduledThreadPoolExecutor(1, run -> new Thread(run, "selvedge-configuration"));
    executor.setRemoveOnCancelPolicy(true);
    executor.setKeepAliveTime(1, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
  }

  /** Something changed. On any thread; does not block. */
  synchronized void changed() {
    if (executor.isShutdown()) {
      return;
    }
    long now = nanos.getAsLong();
    if (next.isEmpty()) {
      first = now;
    }
    next.ifPresent(one -> one.cancel(false));
    long wait = Math.min(quiet.toNanos(), first + longest.toNanos() - now);
    next = Optional.of(executor.schedule(this::run, Math.max(0, wait), TimeUnit.NANOSECONDS));
  }

  private void run() {
    synchronized (this) {
      next = Optional.empty();
    }
    work.run();
  }

  /**
   * Does something on the thread and waits for it. Who waits may be interrupted, by the very change
   * that it asked for: what is done goes on.
   */
  <T> T call(Callable<T> what) throws IOException {
    try {
      return executor.submit(what).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw new IOException(cause.getMessage(), cause);
      }
      if (e.getCause() instanceof IllegalArgumentException cause) {
        throw new IllegalArgumentException(cause.getMessage(), cause);
      }
      throw new IOException("[" + e.getCause() + "] went wrong inside", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the wait for it was interrupted; it goes on", e);
    } catch (RejectedExecutionException e) {
      throw new IOException("the bundle of configuration is stopping; ask again", e);
    }
  }

  /** What waits is not done; what is being done may end. */
  void close() {
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.shutdown();
    try {
      if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
