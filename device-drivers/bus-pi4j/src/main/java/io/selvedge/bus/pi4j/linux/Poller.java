package io.selvedge.bus.pi4j.linux;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Waits for edges and bytes on one thread, {@code selvedge-bus-events}, which sleeps in the kernel
 * until something happens and is there only while something is watched.
 */
final class Poller {

  private final Kernel kernel;
  private final Object lock = new Object();
  // Under the lock; none while nothing is watched.
  private @Nullable PollSet set;
  private @Nullable Thread thread;

  Poller(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Watches a descriptor for something to read.
   *
   * @param ready called on the poll thread, with the kernel's answer; must not block
   */
  void watch(int fd, IntConsumer ready) throws Errno {
    synchronized (lock) {
      PollSet served = set;
      if (served != null) {
        served.watch(fd, ready);
        lock.notifyAll();
        return;
      }
      PollSet made = new PollSet(kernel);
      made.watch(fd, ready);
      Thread serving = new Thread(() -> serve(made), "selvedge-bus-events");
      serving.setDaemon(true);
      set = made;
      thread = serving;
      serving.start();
    }
  }

  /** Watches it no more. When this returns, the kernel waits for it no more either. */
  void unwatch(int fd) {
    PollSet served;
    synchronized (lock) {
      served = set;
    }
    if (served != null) {
      served.unwatch(fd);
      awaitEnd(served);
    }
  }

  /** Where it was the last one, the thread gives back what it had itself. */
  private void awaitEnd(PollSet served) {
    boolean interrupted = false;
    synchronized (lock) {
      while (set == served && served.isEmpty() && thread != Thread.currentThread()) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(PollSet mine) {
    while (true) {
      synchronized (lock) {
        if (mine.isEmpty()) {
          set = null;
          thread = null;
          mine.close();
          lock.notifyAll();
          return;
        }
      }
      mine.await(Long.MAX_VALUE);
    }
  }
}
