package io.selvedge.flow.run;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows between the bus threads and a flow's thread. Bounded: when it is full the oldest goes. */
final class RowQueue {

  private final @Nullable Row[] ring;
  private int head;
  private int size;
  private boolean closed;
  private volatile boolean untold; // rows came since the flow's thread was woken

  RowQueue(int capacity) {
    ring = new Row[capacity];
  }

  /** Never blocks for longer than a copy; answers true where the oldest row had to go. */
  synchronized boolean offer(Row row) {
    if (closed) {
      return false;
    }
    boolean full = size == ring.length;
    if (full) {
      head = (head + 1) % ring.length;
      size--;
    }
    ring[(head + size) % ring.length] = row;
    size++;
    untold = true;
    return full;
  }

  /** Wakes who waits for what was offered. */
  void handOver() {
    if (untold) {
      synchronized (this) {
        untold = false;
        notifyAll();
      }
    }
  }

  /** Waits for a row; empty once the queue is closed. */
  synchronized Optional<Row> take() throws InterruptedException {
    while (size == 0 && !closed) {
      wait();
    }
    if (closed) {
      return Optional.empty();
    }
    Row row = ring[head];
    ring[head] = null;
    head = (head + 1) % ring.length;
    size--;
    return Optional.ofNullable(row);
  }

  synchronized boolean isEmpty() {
    return size == 0;
  }

  /** Ends the wait; what is still there is not handed out any more. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
