package io.selvedge.bus.pi4j.linux;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Descriptors that one thread at a time waits for in the kernel. Another descriptor, there while
 * the set is open, ends the wait when the set changes or somebody asks for it.
 */
final class PollSet {

  private static final Logger log = LoggerFactory.getLogger(PollSet.class);

  private static final long FOR_EVER = TimeUnit.DAYS.toNanos(365);

  private final Kernel kernel;
  private final int wakeup;
  private final Block one;
  private final Block drained;
  private final Block timeout;

  private final Object lock = new Object();
  // All of it under the lock.
  private final Map<Integer, IntConsumer> watched = new LinkedHashMap<>();
  private @Nullable Thread waiting; // while it may be in the kernel, or about to be
  private long asked = 1;
  private long seen;
  private boolean closed;
  private int leaving; // threads that wait until theirs is waited for no more

  // Of the thread that waits.
  private Block block;
  private int[] fds = {};
  private IntConsumer[] ready = {};

  PollSet(Kernel kernel) throws Errno {
    this.kernel = kernel;
    this.one = kernel.allocate(Long.BYTES);
    this.drained = kernel.allocate(Long.BYTES);
    this.timeout = kernel.allocate(2 * Long.BYTES);
    this.block = one;
    one.bytes.putLong(0, 1);
    this.wakeup = kernel.eventfd();
  }

  /**
   * Watches a descriptor for something to read.
   *
   * @param told called on the thread that waits, with the kernel's answer; must not block
   */
  void watch(int fd, IntConsumer told) {
    synchronized (lock) {
      watched.put(fd, told);
      asked++;
      end();
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
      end();
      while (seen < mine && waiting != null && waiting != Thread.currentThread()) {
        try {
          leaving++;
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        } finally {
          leaving--;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  boolean isEmpty() {
    synchronized (lock) {
      return watched.isEmpty();
    }
  }

  /** Ends the wait, or the next one. */
  void end() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      try {
        int unused = kernel.write(wakeup, one, Long.BYTES);
      } catch (Errno e) {
        log.debug("whoever waits is awake already: {}", e.getMessage());
      }
    }
  }

  /** Nobody waits any more, nor will. Once: its number may be another's by the second time. */
  void close() {
    synchronized (lock) {
      if (!closed) {
        closed = true;
        kernel.close(wakeup);
      }
    }
  }

  /** Waits once, and tells of what is ready. */
  void await(long nanos) {
    synchronized (lock) {
      if (closed) {
        return;
      }
      look();
      waiting = Thread.currentThread();
    }
    try {
      poll(nanos);
    } finally {
      synchronized (lock) {
        waiting = null;
        if (leaving > 0) {
          lock.notifyAll();
        }
      }
    }
  }

  /** Takes over what has changed. */
  private void look() {
    if (seen == asked) {
      return;
    }
    int count = watched.size() + 1;
    block = kernel.allocate(count * Abi.POLLFD_SIZE);
    fds = new int[count];
    ready = new IntConsumer[count];
    fds[0] = wakeup;
    ready[0] = this::drain;
    int i = 1;
    for (Map.Entry<Integer, IntConsumer> one : watched.entrySet()) {
      fds[i] = one.getKey();
      ready[i++] = one.getValue();
    }
    for (i = 0; i < count; i++) {
      block.bytes.putInt(i * Abi.POLLFD_SIZE, fds[i]);
      block.bytes.putShort(i * Abi.POLLFD_SIZE + Abi.POLLFD_EVENTS, (short) Abi.POLLIN);
    }
    seen = asked; // last: where memory was short, it is looked at again
    lock.notifyAll();
  }

  private void poll(long nanos) {
    try {
      if (nanos >= FOR_EVER) {
        kernel.poll(block, fds.length, -1);
      } else {
        kernel.poll(block, fds.length, Math.max(nanos, 0), timeout);
      }
    } catch (Errno e) {
      if (e.number != Errno.EINTR) {
        log.error("waiting for edges and bytes failed; it is tried again", e);
        for (int i = 1; i < fds.length; i++) {
          tell(i, Abi.POLLNVAL); // what the kernel cannot wait for would fail again and again
        }
      }
      return;
    }
    for (int i = 0; i < fds.length; i++) {
      int events = block.bytes.getShort(i * Abi.POLLFD_SIZE + Abi.POLLFD_REVENTS);
      if (events != 0) {
        tell(i, events);
      }
    }
  }

  private void drain(int events) {
    try {
      int unused = kernel.read(wakeup, drained, Long.BYTES);
    } catch (Errno e) {
      log.debug("nothing to drain: {}", e.getMessage());
    }
  }

  // A listener's fault must not end the thread that serves all lines.
  private void tell(int i, int events) {
    synchronized (lock) {
      if (i > 0 && seen != asked && watched.get(fds[i]) != ready[i]) {
        return; // no longer wanted
      }
      if ((events & Abi.POLLNVAL) != 0 && watched.remove(fds[i]) != null) {
        asked++;
      }
    }
    try {
      ready[i].accept(events);
    } catch (RuntimeException | LinkageError | AssertionError e) {
      log.warn("what waits for an edge or a byte threw; the others are told all the same", e);
    }
  }
}
