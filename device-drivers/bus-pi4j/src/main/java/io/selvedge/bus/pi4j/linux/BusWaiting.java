package io.selvedge.bus.pi4j.linux;

import io.selvedge.api.device.Waiting;
import io.selvedge.api.device.Wakeup;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Lets the thread of a bus wait in the kernel for the edges of its own devices: an edge wakes that
 * thread and no other. It is there while one of them is watched.
 */
final class BusWaiting implements Waiting {

  /** Held while one is offered or taken back, so that nothing is added to one that goes. */
  private static final Object CHANGE = new Object();

  private final PollSet set;

  private BusWaiting(Kernel kernel) throws Errno {
    set = new PollSet(kernel);
  }

  /**
   * Watches a descriptor on the thread of the bus that is woken.
   *
   * @param ready called on that thread, with the kernel's answer; must not block
   * @return what watches it; empty where that thread cannot
   */
  static Optional<BusWaiting> watch(Kernel kernel, Wakeup wakeup, int fd, IntConsumer ready)
      throws Errno {
    synchronized (CHANGE) {
      BusWaiting made = new BusWaiting(kernel);
      Waiting taken = wakeup.offer(made).orElse(null);
      if (taken != made) {
        made.set.close();
      }
      if (taken instanceof BusWaiting mine) {
        mine.set.watch(fd, ready);
        return Optional.of(mine);
      }
      return Optional.empty();
    }
  }

  /** Watches it no more, for the thread that watches it or a moment: {@link #release} follows. */
  void stop(int fd) {
    set.unwatch(fd);
  }

  /** Watches it no more, and goes with the last one. */
  void release(Wakeup wakeup, int fd) {
    synchronized (CHANGE) {
      set.unwatch(fd);
      if (set.isEmpty()) {
        wakeup.withdraw(this);
        set.close();
      }
    }
  }

  @Override
  public void await(long nanos) {
    set.await(nanos);
  }

  @Override
  public void end() {
    set.end();
  }
}
