package io.selvedge.sparkplug;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Lets what is accepted in a session overtake what waited before it, so that hosts see the present
 * while days of the past go out. The record stays in the outbox; when its turn comes there it has
 * been published already and only waits for its proof.
 *
 * <p>It holds {@value #MOST_WAITING} records; what is accepted while it is full, or after {@value
 * #MOST_TOLD} have overtaken, goes the way of all others. {@link #accepted} may be called on any
 * thread, all else on the edge node's.
 */
final class FastLane {

  private static final int MOST_WAITING = 1000;
  private static final int MOST_TOLD = 100_000;

  private final BlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Set<Long> told = new HashSet<>();
  private volatile boolean open;

  /**
   * A record that may overtake.
   *
   * @param stored as it lies in the outbox
   */
  record Entry(long id, byte[] stored) {}

  /** A session begins; perhaps there is something to overtake. */
  void begin() {
    end();
    open = true;
  }

  /** The session is over: nothing has overtaken. */
  void end() {
    open = false;
    waiting.clear();
    told.clear();
  }

  /** The outbox has accepted a record. */
  void accepted(long id, byte[] stored) {
    if (open) {
      waiting.offer(new Entry(id, stored)); // full: it keeps its place in the outbox
    }
  }

  /** The next one to publish ahead of its turn. From now on it counts as published. */
  Optional<Entry> next() {
    while (open && told.size() < MOST_TOLD) {
      Entry entry = waiting.poll();
      if (entry == null) {
        return Optional.empty();
      }
      if (told.add(entry.id())) {
        return Optional.of(entry);
      }
      told.remove(entry.id()); // its turn came first
    }
    return Optional.empty();
  }

  /**
   * The turn of a record has come.
   *
   * @param fresh whether it was accepted in this session
   * @return whether it has been published already
   */
  boolean turn(long id, boolean fresh) {
    if (!fresh) {
      return false;
    }
    boolean published = told.remove(id);
    if (!published && open) {
      told.add(id);
    }
    return published;
  }

  /** Nothing waits in the outbox. */
  void caughtUp() {
    end();
  }
}
