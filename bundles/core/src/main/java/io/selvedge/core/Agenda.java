package io.selvedge.core;

import io.selvedge.api.device.Command;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * What a bus has to do, and when: notices first, then commands and reads, whichever is due; a flood
 * of commands does not starve the reads. Not for several threads: its bus holds its lock.
 */
final class Agenda {

  /** Commands that wait for one bus. One more is refused: a device this slow will not catch up. */
  static final int MOST_COMMANDS = 256;

  /** So many reads of known devices may come before a new one that waits. */
  private static final int MOST_KNOWN_IN_ROW = 8;

  /** Between two reads of a device that asks for them all the time. */
  static final long WAKE_GAP_NANOS = 1_000_000;

  /** The same for a device that is down. */
  static final long DOWN_GAP_NANOS = 1_000_000_000;

  /** One thing to do. */
  sealed interface Item {}

  /** Something to be told on the bus's thread. */
  record Notice(Runnable what) implements Item {}

  /** A command, and who waits for it. */
  record Order(Device device, Command command, CompletableFuture<Void> done) implements Item {}

  /** A device's next read. */
  static final class Turn implements Item {
    final Device device;
    private final AtomicBoolean woken = new AtomicBoolean();
    private long due;
    private long notBefore;

    private Turn(Device device, long due) {
      this.device = device;
      this.due = due;
      this.notBefore = due;
    }

    /** Its driver asks for a read. False where it has asked already. Called on any thread. */
    boolean ask() {
      return woken.compareAndSet(false, true);
    }

    /** What was asked for comes at once, but not so soon after the last read that others starve. */
    void hurry(long now) {
      long soonest = notBefore - now > 0 ? notBefore : now;
      due = due - soonest < 0 ? due : soonest;
    }

    /** Sets the next read: a pause after the last one was due, but not before now. */
    void next(long pauseNanos, long now) {
      long next = (device.isDown() ? now : due) + pauseNanos;
      due = next - now > 0 ? next : now;
      notBefore = now + (device.isDown() ? Math.min(pauseNanos, DOWN_GAP_NANOS) : WAKE_GAP_NANOS);
      if (woken.get()) {
        hurry(now); // asked for while it was being read
      }
    }
  }

  private final List<Turn> turns = new ArrayList<>();
  private final Deque<Order> orders = new ArrayDeque<>();
  private final Deque<Notice> notices = new ArrayDeque<>();
  private boolean orderWasLast;
  private int knownInRow;

  /** A device that is to be read from now on. */
  Turn add(Device device, long now) {
    Turn turn = new Turn(device, now);
    turns.add(turn);
    return turn;
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
    Optional<Turn> due = due(callable, now);
    if (!orders.isEmpty() && (due.isEmpty() || !orderWasLast)) {
      orderWasLast = true;
      return Optional.of(orders.remove());
    }
    orderWasLast = false;
    due.ifPresent(
        turn -> {
          turn.woken.set(false);
          knownInRow = turn.device.isKnown() ? knownInRow + 1 : 0;
        });
    return due.map(turn -> turn);
  }

  /** Nanoseconds until the next read; for ever where there is none. */
  long wait(Predicate<Device> callable, long now) {
    return earliest(callable).map(turn -> turn.due - now).orElse(Long.MAX_VALUE);
  }

  /**
   * The turn that is due. Devices that are read already come before those whose driver is still to
   * be made, which takes long where many come at once; but not for ever.
   */
  private Optional<Turn> due(Predicate<Device> callable, long now) {
    Predicate<Device> known = Device::isKnown;
    Optional<Turn> first = earliest(known.and(callable)).filter(turn -> turn.due - now <= 0);
    Optional<Turn> fresh =
        earliest(known.negate().and(callable)).filter(turn -> turn.due - now <= 0);
    return fresh.isPresent() && (first.isEmpty() || knownInRow >= MOST_KNOWN_IN_ROW)
        ? fresh
        : first;
  }

  private Optional<Turn> earliest(Predicate<Device> callable) {
    return turns.stream()
        .filter(turn -> callable.test(turn.device))
        .min((a, b) -> Long.signum(a.due - b.due));
  }
}
