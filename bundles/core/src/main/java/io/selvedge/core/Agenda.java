package io.selvedge.core;

import io.selvedge.api.device.Command;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * What a bus has to do, and when: notices first, then commands and reads, whichever is due; a flood
 * of commands does not starve the reads. Not for several threads: its bus holds its lock.
 */
final class Agenda {

  /** Commands that wait for one bus. One more is refused: a device this slow will not catch up. */
  static final int MOST_COMMANDS = 256;

  /** One thing to do. */
  sealed interface Item {}

  /** Something to be told on the bus's thread. */
  record Notice(Runnable what) implements Item {}

  /** A command, and who waits for it. */
  record Order(Device device, Command command, CompletableFuture<Void> done) implements Item {}

  /** A device's next read. */
  static final class Turn implements Item {
    final Device device;
    private long due;

    private Turn(Device device, long due) {
      this.device = device;
      this.due = due;
    }

    /** Sets the next read: a pause after the last one was due, but not before now. */
    void next(long pauseNanos, long now) {
      long next = (device.isDown() ? now : due) + pauseNanos;
      due = next - now > 0 ? next : now;
    }
  }

  private final List<Turn> turns = new ArrayList<>();
  private final Deque<Order> orders = new ArrayDeque<>();
  private final Deque<Notice> notices = new ArrayDeque<>();
  private boolean orderWasLast;

  /** A device that is to be read from now on. */
  void add(Device device, long now) {
    turns.add(new Turn(device, now));
  }

  /** A device that is not read any more. Its commands are still there. */
  void remove(Device device) {
    turns.removeIf(turn -> turn.device == device);
  }

  boolean isEmpty() {
    return turns.isEmpty();
  }

  /** A device that is to be read at once. */
  void hurry(Device device, long now) {
    turns.stream().filter(turn -> turn.device == device).forEach(turn -> turn.due = now);
  }

  void tell(Runnable what) {
    notices.add(new Notice(what));
  }

  /** False where too many wait already. */
  boolean order(Order order) {
    return orders.size() < MOST_COMMANDS && orders.add(order);
  }

  /** Takes out all commands to a device. */
  List<Order> takeOrders(Device device) {
    List<Order> taken = orders.stream().filter(order -> order.device() == device).toList();
    orders.removeAll(taken);
    return taken;
  }

  /** Takes what is to be done now; empty where nothing is. */
  Optional<Item> take(Predicate<Device> callable, long now) {
    Notice notice = notices.poll();
    if (notice != null) {
      return Optional.of(notice);
    }
    Optional<Turn> due = earliest(callable).filter(turn -> turn.due - now <= 0);
    if (!orders.isEmpty() && (due.isEmpty() || !orderWasLast)) {
      orderWasLast = true;
      return Optional.of(orders.remove());
    }
    orderWasLast = false;
    return due.map(turn -> turn);
  }

  /** Nanoseconds until the next read; for ever where there is none. */
  long wait(Predicate<Device> callable, long now) {
    return earliest(callable).map(turn -> turn.due - now).orElse(Long.MAX_VALUE);
  }

  private Optional<Turn> earliest(Predicate<Device> callable) {
    return turns.stream()
        .filter(turn -> callable.test(turn.device))
        .min((a, b) -> Long.signum(a.due - b.due));
  }
}
