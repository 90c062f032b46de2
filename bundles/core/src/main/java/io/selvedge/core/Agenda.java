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
import org.jspecify.annotations.Nullable;

/**
 * What a bus has to do, and when: notices first, then commands and reads, whichever is due; a flood
 * of commands does not starve the reads. Not for several threads: its bus holds its lock.
 *
 * <p>Of the reads that are due, that of the device goes first which has had the least of the bus's
 * time, the next read counted as long as the last one, so that a device which takes long, or asks
 * for more than there is, makes itself late and not its neighbours. A device that was idle saves
 * nothing up (as in self-clocked fair queueing, S. Golestani, 1994). Devices whose driver is still
 * to be made, which takes long where many come at once, share one account.
 */
final class Agenda {

  /** Commands that wait for one bus. One more is refused: a device this slow will not catch up. */
  static final int MOST_COMMANDS = 256;

  /** More is not charged for one read: a call that hung an hour must not cost the next hour. */
  private static final long MOST_CHARGED_NANOS = 10_000_000_000L;

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
    private Account account;
    private long began;

    private Turn(Device device, long due, Account account) {
      this.device = device;
      this.due = due;
      this.notBefore = due;
      this.account = account;
    }

    /** The device that will have had least of the bus's time, then the one that is due first. */
    private boolean isBefore(Turn other) {
      long less =
          (account.begin + account.lastRead) - (other.account.begin + other.account.lastRead);
      return less < 0 || (less == 0 && due - other.due < 0);
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
    private void next(long pauseNanos, long now) {
      long next = (device.isDown() ? now : due) + pauseNanos;
      due = next - now > 0 ? next : now;
      notBefore = now + (device.isDown() ? Math.min(pauseNanos, DOWN_GAP_NANOS) : WAKE_GAP_NANOS);
      if (woken.get()) {
        hurry(now); // asked for while it was being read
      }
    }
  }

  /** The bus's time that a device has had, on the agenda's own clock. */
  private static final class Account {
    private long used;
    private long lastRead;
    private long begin; // where it stood when it began to wait
    private boolean waits;

    void queue(long clock) {
      begin = waits ? begin : Math.max(clock, used);
      waits = true;
    }

    void charge(long nanos) {
      used = begin + nanos;
      lastRead = nanos;
      waits = false;
    }
  }

  private final List<Turn> turns = new ArrayList<>();
  private final Deque<Order> orders = new ArrayDeque<>();
  private final Deque<Notice> notices = new ArrayDeque<>();
  private boolean orderWasLast;
  private final Account fresh = new Account();
  private long clock; // the least time that any device has had which wants more

  /** A device that is to be read from now on. */
  Turn add(Device device, long now) {
    Turn turn = new Turn(device, now, fresh);
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
    @Nullable Turn due = due(callable, now);
    if (!orders.isEmpty() && (due == null || !orderWasLast)) {
      orderWasLast = true;
      return Optional.of(orders.remove());
    }
    orderWasLast = false;
    if (due == null) {
      return Optional.empty();
    }
    due.woken.set(false);
    due.began = now;
    clock = Math.max(clock, due.account.begin);
    return Optional.of(due);
  }

  /** A read has ended: what it took is charged to its device, and the next one is set. */
  void done(Turn turn, long pauseNanos, long now) {
    long charged = Math.min(now - turn.began, MOST_CHARGED_NANOS);
    turn.account.charge(charged);
    if (turn.account == fresh && turn.device.isKnown()) {
      turn.account = new Account();
      turn.account.queue(clock);
      turn.account.charge(charged);
    }
    turn.next(pauseNanos, now);
  }

  /** Nanoseconds until the next read; for ever where there is none. */
  long wait(Predicate<Device> callable, long now) {
    long least = Long.MAX_VALUE;
    for (Turn turn : turns) {
      if (callable.test(turn.device)) {
        least = Math.min(least, turn.due - now);
      }
    }
    return least;
  }

  /** Of the turns that are due the one whose device will have had least, then the earliest. */
  private @Nullable Turn due(Predicate<Device> callable, long now) {
    @Nullable Turn first = null;
    for (Turn turn : turns) { // a loop by hand: it runs for each read of each device
      if (turn.due - now <= 0 && callable.test(turn.device)) {
        turn.account.queue(clock);
        first = first == null || turn.isBefore(first) ? turn : first;
      }
    }
    return first;
  }
}
