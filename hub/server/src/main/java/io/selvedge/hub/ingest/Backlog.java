package io.selvedge.hub.ingest;

import io.selvedge.hub.link.Delivery;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Messages taken from the broker and not yet stored: bounded by their number and by their bytes;
 * one message alone always has room. Full, it lets the one who brings more wait. Thread-safe.
 */
final class Backlog {

  private final int mostMessages;
  private final long mostBytes;
  private final Deque<Delivery> waiting = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final Condition room = lock.newCondition();
  private long bytes;

  Backlog(int mostMessages, long mostBytes) {
    this.mostMessages = mostMessages;
    this.mostBytes = mostBytes;
  }

  /** False where there was no room for so long. */
  boolean offer(Delivery delivery, long patienceMillis) throws InterruptedException {
    long left = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    lock.lockInterruptibly();
    try {
      while (!fits(delivery)) {
        if (left <= 0) {
          return false;
        }
        left = room.awaitNanos(left);
      }
      waiting.addLast(delivery);
      bytes += delivery.payload().length;
      more.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean fits(Delivery delivery) {
    return waiting.isEmpty()
        || (waiting.size() < mostMessages && bytes + delivery.payload().length <= mostBytes);
  }

  /** The oldest; empty where none has come for so long. */
  Optional<Delivery> poll(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty()) {
        if (left <= 0) {
          return Optional.empty();
        }
        left = more.awaitNanos(left);
      }
      return Optional.of(removeFirst());
    } finally {
      lock.unlock();
    }
  }

  private Delivery removeFirst() {
    Delivery first = waiting.removeFirst();
    bytes -= first.payload().length;
    room.signalAll();
    return first;
  }

  /** Whether at least half of it is free. */
  boolean half() {
    lock.lock();
    try {
      return waiting.size() <= mostMessages / 2 && bytes <= mostBytes / 2;
    } finally {
      lock.unlock();
    }
  }
}
