package io.selvedge.bus.pi4j;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells Pi4J's listeners, each input's in order and apart from those of other inputs: what a
 * listener does, even if it never returns, holds up neither the kernel's edges nor other inputs.
 * Its threads are there only while there is something to tell.
 */
final class Events implements AutoCloseable {

  private static final int MOST_THREADS = 64;
  private static final long IDLE_SECONDS = 5;

  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0,
          MOST_THREADS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          work -> {
            Thread thread = new Thread(work, "selvedge-pi4j-events");
            thread.setDaemon(true);
            return thread;
          },
          new ThreadPoolExecutor.DiscardPolicy());

  /** One input's duty to tell: asked for often, it runs once at a time, and once more if needed. */
  Runnable duty(Runnable tell) {
    AtomicInteger asked = new AtomicInteger();
    return () -> {
      if (asked.getAndIncrement() == 0) {
        threads.execute(
            () -> {
              int seen;
              do {
                seen = asked.get();
                tell.run();
              } while (asked.addAndGet(-seen) > 0);
            });
      }
    };
  }

  @Override
  public void close() {
    var unused = threads.shutdownNow();
  }
}
