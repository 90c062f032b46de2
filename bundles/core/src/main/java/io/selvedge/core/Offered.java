package io.selvedge.core;

import io.selvedge.api.device.Waiting;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a driver's bus has offered to wait by, and the thread that ends such a wait: one that blocks
 * where it is to end holds that thread, and nobody who has something to do.
 */
final class Offered {

  private static final Logger log = LoggerFactory.getLogger(Offered.class);

  final Waiting waiting;
  private final long patience;

  // Under this object's lock.
  private boolean asked;
  private boolean over;
  private boolean ending;
  private long began;

  /**
   * @param patience nanoseconds that it may take to end a wait
   * @param threads gives what it runs a thread of its own; needed until {@link #close}
   */
  Offered(Waiting waiting, long patience, Executor threads) {
    this.waiting = waiting;
    this.patience = patience;
    threads.execute(this::serve);
  }

  /**
   * Has the wait ended, soon. Never blocks.
   *
   * @return false where it hangs in the end of a wait, and another was asked for in vain before
   */
  synchronized boolean end() {
    boolean vain = asked && ending && System.nanoTime() - began > patience;
    asked = true;
    notifyAll();
    return !vain;
  }

  /** No wait is to be ended any more but those that {@link #end} was called for. */
  synchronized void close() {
    over = true;
    notifyAll();
  }

  private void serve() {
    while (isAsked()) {
      try {
        waiting.end();
      } catch (Throwable e) { // whatever it is, the next wait has to end, too
        log.warn("what a bus waits by threw where it was to end", e);
      }
    }
  }

  private synchronized boolean isAsked() {
    ending = false;
    while (!asked && !over) {
      try {
        wait();
      } catch (InterruptedException e) {
        log.debug("interrupted by what was offered: nobody else knows this thread");
      }
    }
    ending = asked;
    began = System.nanoTime();
    asked = false;
    return ending;
  }
}
