package io.selvedge.core;

import io.selvedge.api.device.Waiting;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Waits as a bus of hardware does: what happens is told by the thread that waits for it. */
final class FakeWaiting implements Waiting {

  /** An edge comes, and nobody else is told of it. */
  final AtomicInteger edges = new AtomicInteger();

  final AtomicInteger waits = new AtomicInteger();
  final AtomicInteger waiting = new AtomicInteger();
  final Set<String> threads = Collections.synchronizedSet(new HashSet<>());
  volatile Runnable onEdge = () -> {};
  private final Semaphore ends = new Semaphore(0);

  void edge() {
    edges.incrementAndGet();
    ends.release();
  }

  @Override
  public void await(long nanos) {
    threads.add(Thread.currentThread().getName());
    waits.incrementAndGet();
    waiting.incrementAndGet();
    try {
      if (ends.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
        ends.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.decrementAndGet();
    }
    if (edges.getAndSet(0) > 0) {
      onEdge.run();
    }
  }

  @Override
  public void end() {
    ends.release();
  }
}
