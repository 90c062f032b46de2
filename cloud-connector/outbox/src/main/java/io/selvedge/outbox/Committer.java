package io.selvedge.outbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The thread {@code selvedge-outbox}: collects what is appended, and lets it be committed together
 * after the commit interval, at so many bytes, or at once for priority 0. Cursors and counters are
 * written beside that, so that what is urgent does not wait for them.
 */
final class Committer {

  /** Writes cursors and counters, beside the commits. */
  interface Saver {
    /**
     * Begins.
     *
     * @param done to be told, on any thread, when it is over
     */
    void begin(Runnable done);

    /** It is over: well, or not. */
    void end() throws IOException;
  }

  private static final long STOP_MILLIS = 10_000;

  /** More than so many, and some that follow while it is written, no crash hands out again. */
  static final int MOST_SETTLED = 20_000;

  /** Bytes that a record takes in memory beside its payload, about. */
  private static final int MEMORY_OF_ONE = 128;

  private final OutboxOptions options;
  private final Consumer<List<Pending>> commit;
  private final Saver saver;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private List<Pending> waiting = new ArrayList<>();
  private long waitingBytes;
  private long waitingMemory;
  private long committingMemory;
  private long firstAt;
  private boolean urgent;
  private boolean stateChanged;
  private int settled;
  private long stateSavedAt = System.nanoTime();
  private boolean stateUnderWay;
  private boolean stateWritten;
  private boolean stateFailed;
  private boolean stopping;

  Committer(OutboxOptions options, Consumer<List<Pending>> commit, Saver saver) {
    this.options = options;
    this.commit = commit;
    this.saver = saver;
    thread = new Thread(this::run, "selvedge-outbox");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /**
   * False where too much waits already, or it stops.
   *
   * @param mostBytes of memory for all that waits or is being committed
   */
  boolean offer(Pending record, long mostBytes) {
    lock.lock();
    try {
      int memory = MEMORY_OF_ONE + record.payload().length;
      if (stopping || waitingMemory + committingMemory + memory > mostBytes) {
        return false;
      }
      if (waiting.isEmpty()) {
        firstAt = System.nanoTime();
      }
      waiting.add(record);
      waitingBytes += RecordFormat.size(record.payload());
      waitingMemory += memory;
      urgent |= record.lane() == 0;
      stateChanged = true;
      if (waiting.size() == 1 || urgent || waitingBytes >= options.commitBytes()) {
        changed.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** A record was settled: a state is due some time, and at once after many. */
  void settled() {
    lock.lock();
    try {
      settled++;
      if (!stateChanged || settled == MOST_SETTLED) {
        stateChanged = true;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Commits what waits, and ends the thread; false where it does not end. */
  boolean close() {
    lock.lock();
    try {
      stopping = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    try {
      thread.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (thread.isAlive()) {
      options.report().accept("outbox still waits for the disk after [10] s; it is left to it");
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  private void run() {
    boolean last = false;
    while (!last) {
      List<Pending> batch;
      lock.lock();
      try {
        await();
        last = stopping;
        batch = waiting;
        waiting = new ArrayList<>();
        waitingBytes = 0;
        committingMemory = waitingMemory;
        waitingMemory = 0;
        urgent = false;
      } finally {
        lock.unlock();
      }
      work(batch);
    }
  }

  private void work(List<Pending> batch) {
    try {
      commit.accept(batch);
      if (stateIsWritten()) {
        endState();
      }
      if (stateIsDue()) {
        saver.begin(this::stateWritten);
      }
    } catch (RuntimeException e) { // the loop must go on whatever one batch met
      options.report().accept("outbox met [" + e + "] and goes on");
      batch.forEach(record -> record.stage().completeExceptionally(e));
    }
  }

  private void endState() {
    try {
      saver.end();
      stateFailed = false;
    } catch (IOException e) {
      if (!stateFailed) {
        stateFailed = true;
        options.report().accept("outbox state cannot be written: " + e.getMessage());
      }
    }
  }

  private boolean stateIsDue() {
    lock.lock();
    try {
      if (!stateChanged || stateUnderWay || nanosToState() > 0) {
        return false;
      }
      stateChanged = false;
      settled = 0;
      stateUnderWay = true;
      stateSavedAt = System.nanoTime();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** On the thread that writes it. */
  private void stateWritten() {
    lock.lock();
    try {
      stateWritten = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private boolean stateIsWritten() {
    lock.lock();
    try {
      boolean written = stateWritten;
      if (written) {
        stateWritten = false;
        stateUnderWay = false;
      }
      return written;
    } finally {
      lock.unlock();
    }
  }

  private long nanosToState() {
    if (settled >= MOST_SETTLED) {
      return 0;
    }
    return stateSavedAt + options.stateInterval().toNanos() - System.nanoTime();
  }

  /** Until something is to be done. */
  private void await() {
    while (!stopping && !stateWritten) {
      long nanos = TimeUnit.HOURS.toNanos(1);
      if (!waiting.isEmpty()) {
        if (urgent || waitingBytes >= options.commitBytes()) {
          return;
        }
        nanos = firstAt + options.commitInterval().toNanos() - System.nanoTime();
      }
      if (stateChanged && !stateUnderWay) {
        nanos = Math.min(nanos, nanosToState());
      }
      if (nanos <= 0) {
        return;
      }
      try {
        changed.awaitNanos(nanos);
      } catch (InterruptedException e) {
        // nobody interrupts this thread on purpose; it ends by close()
      }
    }
  }
}
