package io.selvedge.core;

import io.selvedge.api.device.Waiting;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the thread of a bus waits for something to do: parked, or by what a driver's bus has offered,
 * so that an edge wakes this thread itself. Not by the bus's lock: a lock that was waited by once
 * costs a call into the virtual machine each time it is taken from then on. All but {@link #await}
 * under the bus's lock.
 */
final class Rest {

  private static final Logger log = LoggerFactory.getLogger(Rest.class);

  /** A bus that always has something to do looks for edges so often. */
  private static final long ASK_NANOS = 1_000_000;

  /** Waits in a row that ended at once with nothing to do; then this thread sleeps a while. */
  private static final int MOST_EARLY = 10;

  /** A wait for longer ends when it is told to; it is not watched before. */
  private static final long FOR_EVER = TimeUnit.DAYS.toNanos(1);

  private static final Waiting PARKED = new Parking(Long.MAX_VALUE);
  private static final Waiting PARKED_BRIEFLY = new Parking(ASK_NANOS);

  private final Object lock;
  private final long patience;
  private final LongConsumer watch;
  private final Executor threads;
  private @Nullable Offered offered;
  private @Nullable Thread sleeper; // waits by what was offered
  private boolean roused;
  private int waiters; // by the lock: for the thread of the bus
  private @Nullable Thread parked; // or about to be
  private long looked;
  private long began;
  private int early;
  private Optional<Long> until = Optional.empty(); // when the sleeper should be back at the latest
  private boolean reminded;
  private boolean closed; // to what is offered

  /**
   * @param patience time that a wait may go on after it should have ended
   * @param watch told under the lock when somebody is to ask {@link #hangs}
   * @param threads gives what it is to run a thread of its own
   */
  Rest(Object lock, Duration patience, LongConsumer watch, Executor threads) {
    this.lock = lock;
    this.patience = patience.toNanos();
    this.watch = watch;
    this.threads = threads;
  }

  /** Takes what is offered, or says what is there already; empty after one that was given up. */
  Optional<Waiting> offer(Waiting waiting) {
    if (offered == null && !closed) {
      offered = new Offered(waiting, patience, threads);
      rouse();
    }
    return Optional.ofNullable(offered).map(has -> has.waiting);
  }

  /** Forgets what was offered, and waits for the thread that may wait by it. */
  void withdraw(Waiting waiting, long mostNanos) {
    Offered has = offered;
    if (has == null || has.waiting != waiting) {
      return;
    }
    roused = false; // maybe told before, and not yet gone
    rouse();
    has.close();
    offered = null;
    boolean interrupted = false;
    long end = System.nanoTime() + mostNanos;
    long left = mostNanos;
    while (sleeper != null && sleeper != Thread.currentThread() && left > 0) {
      try {
        waitByLock(left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = end - System.nanoTime();
    }
    if (sleeper != null && sleeper != Thread.currentThread()) {
      log.warn("thread [{}] still waits by what was withdrawn", sleeper);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Something has changed: whoever waits looks again. */
  void rouse() {
    if (waiters > 0) { // seldom, and costs more than to look
      lock.notifyAll();
    }
    if (parked != null) {
      LockSupport.unpark(parked);
      parked = null;
    }
    Offered has = offered;
    Thread by = sleeper;
    if (has != null && by != null && by != Thread.currentThread() && !roused) {
      roused = true; // once is enough, and costs a switch of threads
      backBy(System.nanoTime());
      if (!has.end()) {
        log.error(
            "what bus thread [{}] waits by hangs where it is to end a wait; the bus waits by"
                + " itself, and takes no other until its last device has gone",
            by.getName());
        giveUp();
      }
    }
  }

  /** Takes nothing any more. What was offered may still be withdrawn. */
  void close() {
    closed = true;
    if (offered != null) {
      offered.close();
    }
  }

  private void giveUp() {
    close();
    offered = null;
  }

  private void backBy(long end) {
    until = Optional.of(end + patience);
    watch.accept(end + patience);
  }

  /**
   * Looks whether the thread that waits should long be back. Then it is told once more, for the
   * machine may have stood still; and where that does not help, what it waits by is given up.
   *
   * @return true where that thread is to be replaced
   */
  boolean hangs(long now) {
    Thread hanging = sleeper;
    if (hanging == null || until.isEmpty()) {
      return false;
    }
    if (until.get() - now > 0) {
      watch.accept(until.get());
      return false;
    }
    Offered has = offered;
    if (!reminded && has != null && has.end()) {
      reminded = true;
      backBy(now);
      return false;
    }
    Exception where = new Exception("stack of " + hanging.getName());
    where.setStackTrace(hanging.getStackTrace());
    log.error(
        "what bus thread [{}] waits by does not end; the bus waits by itself, and takes no other"
            + " until its last device has gone",
        hanging.getName(),
        where);
    giveUp();
    sleeper = null;
    return true;
  }

  /** What has to be asked between two calls, for a bus that never rests hears of no edge else. */
  Optional<Waiting> unasked(long now) {
    parked = null; // this thread asks, so it is not
    Offered has = offered;
    if (has == null || now - looked < ASK_NANOS) {
      return Optional.empty();
    }
    return Optional.of(sleepBy(has, 0, now));
  }

  /** There was something to do. */
  void worked() {
    early = 0;
  }

  /** What to wait by, without the lock: what was offered, unless it does not wait. */
  Waiting pause(long nanos, long now) {
    Offered has = offered;
    if (has != null && early < MOST_EARLY) {
      early++;
      return sleepBy(has, nanos, now);
    }
    early = 0;
    parked = Thread.currentThread();
    return has == null ? PARKED : PARKED_BRIEFLY;
  }

  private Waiting sleepBy(Offered has, long nanos, long now) {
    began = now;
    sleeper = Thread.currentThread();
    roused = false;
    reminded = false;
    until = Optional.empty();
    if (nanos < FOR_EVER) {
      backBy(now + nanos);
    }
    return has.waiting;
  }

  /** Waits until something has changed, or the time is over; whoever calls looks again. */
  @SuppressWarnings("WaitNotInLoop")
  void waitByLock(long nanos) throws InterruptedException {
    waiters++;
    try {
      TimeUnit.NANOSECONDS.timedWait(lock, nanos);
    } finally {
      waiters--;
    }
  }

  /** Waits by what {@link #pause} said. Without the lock. A fault of it must not end the bus. */
  void await(Waiting waiting, long nanos) {
    boolean faulty = false;
    try {
      waiting.await(nanos);
    } catch (Throwable e) { // whatever it is, this thread serves other drivers, too
      log.warn("what bus thread [{}] waits by threw; it waits by itself", name(), e);
      faulty = true;
    }
    synchronized (lock) {
      if (sleeper != Thread.currentThread()) {
        return; // was given up meanwhile
      }
      sleeper = null;
      looked = System.nanoTime();
      if (looked - began > ASK_NANOS) {
        early = 0;
      }
      if (faulty && offered != null && offered.waiting == waiting) {
        giveUp();
      }
      rouse();
    }
  }

  /** By nothing but this thread; whoever has something for it unparks it. */
  private record Parking(long most) implements Waiting {
    @Override
    public void await(long nanos) {
      LockSupport.parkNanos(this, Math.min(nanos, most));
      if (Thread.interrupted()) {
        // Not by us: the thread ends by a flag. A listener may have done it; the loop looks again.
        log.debug("thread [{}] was interrupted", name());
      }
    }

    @Override
    public void end() {
      // it is unparked
    }
  }

  private static String name() {
    return Thread.currentThread().getName();
  }
}
