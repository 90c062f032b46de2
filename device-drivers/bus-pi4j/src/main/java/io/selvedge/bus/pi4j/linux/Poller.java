package io.selvedge.bus.pi4j.linux;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for edges and bytes on one thread, {@code selvedge-bus-events}, which sleeps in the kernel
 * until something happens and is there only while something is watched. Another descriptor wakes it
 * when what is watched changes.
 */
final class Poller {

  private static final Logger log = LoggerFactory.getLogger(Poller.class);

  private final Kernel kernel;
  private final Object lock = new Object();
  // All of it under the lock.
  private final Map<Integer, IntConsumer> watched = new LinkedHashMap<>();
  private @Nullable Thread thread; // none while nothing is watched
  private int wakeup;
  private long asked;
  private long seen;

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
      watched.put(fd, ready);
      asked++;
      if (thread == null) {
        try {
          wakeup = kernel.eventfd();
        } catch (Errno e) {
          watched.remove(fd);
          throw e;
        }
        Thread made = new Thread(this::serve, "selvedge-bus-events");
        made.setDaemon(true);
        thread = made;
        made.start();
      } else {
        wake();
      }
    }
  }

  /**
   * Watches it no more. When this returns, the kernel waits for it no more either, so that closing
   * it gives its device back at once; an interrupt does not hurry it, for it takes no time.
   */
  void unwatch(int fd) {
    boolean interrupted = false;
    synchronized (lock) {
      if (watched.remove(fd) == null) {
        return;
      }
      long mine = ++asked;
      wake();
      while (seen < mine && thread != null && thread != Thread.currentThread()) {
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

  private void wake() {
    Block one = kernel.allocate(8);
    one.bytes.putLong(0, 1);
    try {
      int unused = kernel.write(wakeup, one, 8);
    } catch (Errno e) {
      log.debug("the poll thread is awake already: {}", e.getMessage());
    }
  }

  private void serve() {
    while (true) {
      List<Integer> fds = new ArrayList<>();
      Block block;
      synchronized (lock) {
        seen = asked;
        lock.notifyAll();
        if (watched.isEmpty()) {
          thread = null;
          kernel.close(wakeup);
          return;
        }
        fds.add(wakeup);
        fds.addAll(watched.keySet());
      }
      block = kernel.allocate(fds.size() * Abi.POLLFD_SIZE);
      for (int i = 0; i < fds.size(); i++) {
        block.bytes.putInt(i * Abi.POLLFD_SIZE, fds.get(i));
        block.bytes.putShort(i * Abi.POLLFD_SIZE + Abi.POLLFD_EVENTS, (short) Abi.POLLIN);
      }
      poll(fds, block);
    }
  }

  /** Waits, and serves what is ready, until what is watched has changed. */
  private void poll(List<Integer> fds, Block block) {
    boolean same = true;
    while (same) {
      try {
        kernel.poll(block, fds.size(), -1);
      } catch (Errno e) {
        if (e.number != Errno.EINTR) {
          log.error("waiting for edges and bytes failed; it is tried again", e);
          drop(fds);
        }
        return;
      }
      for (int i = 1; i < fds.size(); i++) {
        int events = block.bytes.getShort(i * Abi.POLLFD_SIZE + Abi.POLLFD_REVENTS);
        if (events != 0) {
          tell(fds.get(i), events);
        }
      }
      if (block.bytes.getShort(Abi.POLLFD_REVENTS) != 0) {
        drainWakeup();
      }
      synchronized (lock) {
        same = seen == asked;
      }
    }
  }

  /** What the kernel cannot wait for would be asked for again and again. */
  private void drop(List<Integer> fds) {
    for (int fd : fds) {
      tell(fd, Abi.POLLNVAL);
    }
  }

  private void drainWakeup() {
    try {
      int unused = kernel.read(wakeup, kernel.allocate(8), 8);
    } catch (Errno e) {
      log.debug("nothing to drain: {}", e.getMessage());
    }
  }

  // A listener's fault must not end the thread that serves all lines.
  private void tell(int fd, int events) {
    IntConsumer ready;
    synchronized (lock) {
      ready = watched.get(fd);
      if (ready != null && (events & Abi.POLLNVAL) != 0) {
        watched.remove(fd);
        asked++;
      }
    }
    if (ready == null) {
      return;
    }
    try {
      ready.accept(events);
    } catch (RuntimeException | LinkageError | AssertionError e) {
      log.warn("what waits for an edge or a byte threw; the others are told all the same", e);
    }
  }
}
