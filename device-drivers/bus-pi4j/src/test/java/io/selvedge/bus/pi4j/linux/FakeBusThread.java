package io.selvedge.bus.pi4j.linux;

import io.selvedge.api.device.Waiting;
import io.selvedge.api.device.Wakeup;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The runtime's side: the test's own thread is that of the bus. */
final class FakeBusThread implements Wakeup {

  final AtomicInteger asked = new AtomicInteger();
  private @Nullable Waiting waiting;

  @Nullable Waiting waiting() {
    return waiting;
  }

  /** Waits until a read is asked for. */
  void awaitOnce() {
    int before = asked.get();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (asked.get() == before) {
      if (System.nanoTime() > end) {
        throw new AssertionError("no edge came");
      }
      awaitFor(TimeUnit.SECONDS.toNanos(20));
    }
  }

  void awaitFor(long nanos) {
    Waiting by = waiting;
    if (by == null) {
      throw new AssertionError("nothing was offered");
    }
    by.await(nanos);
  }

  @Override
  public void now() {
    asked.incrementAndGet();
  }

  @Override
  public Optional<Waiting> offer(Waiting offered) {
    if (waiting == null) {
      waiting = offered;
    }
    return Optional.ofNullable(waiting);
  }

  @Override
  public void withdraw(Waiting offered) {
    if (waiting == offered) {
      waiting = null;
    }
  }
}
