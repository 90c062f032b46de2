package io.selvedge.core;

import io.selvedge.api.device.Command;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Waiting;
import io.selvedge.api.device.Wakeup;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bus: its devices and the one thread that calls their drivers, {@code selvedge-bus-<name>}.
 * Reads come at each device's interval, commands between two reads. A call that outlasts its
 * deadline is interrupted; where it ignores that, its thread is given up, a new one serves the
 * other devices, and the device is left alone until the call returns.
 */
final class Bus {

  private static final Logger log = LoggerFactory.getLogger(Bus.class);

  /** So many times the grace of a call may the end of a wait come late. */
  private static final int WAITS_LATE = 5;

  private static final String REMOVED = "the device was removed";

  private final String name;
  private final ScheduledExecutorService alarms;
  private final Duration grace;
  private final Stuck stuck;
  private final Offspring offspring;

  private final Object lock = new Object();
  // All of it under the lock.
  private final Agenda agenda = new Agenda();
  private final Rest rest;
  private Thread worker;
  private @Nullable Call current;
  private @Nullable ScheduledFuture<?> alarm;
  private long alarmAt;
  private boolean closed;
  // Made once: they are asked for each read, and to make one is a call into the virtual machine.
  private final Predicate<Device> callable;
  private final Guard guard = this::guarded;

  /**
   * @param alarms where deadlines are watched; only we run on it, never a driver
   * @param grace time that a call has to end after it was interrupted
   * @param stuck devices whose call was given up and has not returned
   * @param offspring threads that its drivers start
   */
  Bus(
      String name,
      ScheduledExecutorService alarms,
      Duration grace,
      Stuck stuck,
      Offspring offspring) {
    this.name = name;
    this.alarms = alarms;
    this.grace = grace;
    this.stuck = stuck;
    this.offspring = offspring;
    this.rest = new Rest(lock, grace.multipliedBy(WAITS_LATE), this::watchRest, this::aside);
    this.callable = device -> !stuck.contains(device.id());
    this.worker = newWorker();
    this.worker.start();
  }

  /** Takes a device in; it is read at once. */
  void add(Device device) {
    synchronized (lock) {
      Agenda.Turn turn = agenda.add(device, System.nanoTime());
      device.wokenBy(new Woken(turn));
      if (stuck.contains(device.id())) {
        agenda.tell(() -> device.down("a call into its driver from before has not returned yet"));
      }
      rest.rouse();
    }
  }

  /**
   * Lets a device go; its commands are refused, a call that runs is interrupted.
   *
   * @return true where it was the last: then the bus is closed
   */
  boolean remove(Device device) {
    List<Agenda.Order> refused;
    synchronized (lock) {
      agenda.remove(device);
      refused = agenda.takeOrders(device);
      Call call = current;
      if (call != null && call.device == device && call.interrupt(Call.State.CANCELLED)) {
        abandonLater(call, REMOVED);
      }
      closed = agenda.isEmpty();
      if (closed && alarm != null) {
        alarm.cancel(false); // it may be hours away, and holds this bus
      }
      rest.rouse();
      if (closed) {
        rest.close();
      }
    }
    refuse(refused, "device [" + device.id() + "] was removed");
    return closed;
  }

  /**
   * Waits until no call into this removed device runs, or until it was given up. Not to be hurried
   * by an interrupt: its caller goes on to close what the call uses.
   */
  void awaitQuiet(Device device) {
    long end = System.nanoTime() + grace.multipliedBy(2).toNanos();
    boolean interrupted = false;
    Call hanging = null;
    synchronized (lock) {
      while (current != null && current.device == device && Thread.currentThread() != worker) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          hanging = current;
          break;
        }
        try {
          rest.waitByLock(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (hanging != null) {
      abandon(hanging, REMOVED); // by now the alarm is late itself
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the thread of a closed bus to end; says where it hangs if it does not. */
  void awaitEnd() throws InterruptedException {
    Thread last;
    synchronized (lock) {
      last = worker;
    }
    if (last == Thread.currentThread()) {
      return;
    }
    last.join(grace.multipliedBy(2).toMillis());
    if (last.isAlive()) {
      Exception where = new Exception("stack of " + last.getName());
      where.setStackTrace(last.getStackTrace());
      log.warn("thread [{}] has not ended; it is left behind", last.getName(), where);
    }
  }

  /** Queues a command to a device of this bus. */
  void send(Device device, Command command, CompletableFuture<Void> done) throws DeviceException {
    synchronized (lock) {
      if (closed) {
        throw new DeviceException("device [" + device.id() + "] was removed");
      }
      if (stuck.contains(device.id())) {
        throw new DeviceException(hanging(device));
      }
      if (!agenda.order(new Agenda.Order(device, command, done))) {
        throw new DeviceException(
            "bus ["
                + name
                + "] has ["
                + Agenda.MOST_COMMANDS
                + "] commands waiting and takes no more; send fewer, or give the device a bus of"
                + " its own");
      }
      rest.rouse();
    }
  }

  /** Looks again at what is to be done. */
  void wake() {
    synchronized (lock) {
      rest.rouse();
    }
  }

  /** How a driver asks for a read; on any thread, maybe very often. */
  private final class Woken implements Wakeup {
    private final Agenda.Turn turn;

    Woken(Agenda.Turn turn) {
      this.turn = turn;
    }

    @Override
    public void now() {
      if (turn.ask()) {
        synchronized (lock) {
          turn.hurry(System.nanoTime());
          rest.rouse();
        }
      }
    }

    @Override
    public Optional<Waiting> offer(Waiting waiting) {
      synchronized (lock) {
        boolean gone = closed || turn.device.isRemoved();
        return gone ? Optional.empty() : rest.offer(waiting);
      }
    }

    @Override
    public void withdraw(Waiting waiting) {
      synchronized (lock) {
        rest.withdraw(waiting, grace.toNanos());
      }
    }
  }

  private Thread newWorker() {
    return offspring.worker(this::serve, "selvedge-bus-" + name);
  }

  /**
   * Runs what may block. Its thread is born by that of alarms, and so holds no driver's classes.
   */
  private void aside(Runnable duty) {
    alarms.execute(
        () -> {
          Thread thread = new Thread(duty, "selvedge-bus-" + name + "-ends");
          thread.setDaemon(true);
          thread.start();
        });
  }

  private void serve() {
    boolean more = true;
    while (more) {
      more = serveOne();
    }
  }

  // A method of its own: a variable that outlives the work would hold a removed device, its driver
  // and the driver's class loader while the thread waits. Whatever escapes is our own fault or the
  // machine's; the bus must outlive both.
  private boolean serveOne() {
    Optional<Agenda.Item> item = next();
    if (item.isEmpty()) {
      return false;
    }
    try {
      work(item.get());
    } catch (Guard.Abandoned e) {
      log.debug("thread [{}] ends: {}", Thread.currentThread().getName(), e.getMessage());
    } catch (RuntimeException | Error e) {
      log.error("bus [{}]: fault in the device loop; it goes on", name, e);
    }
    return true;
  }

  /** Waits for what this thread is to do; empty where it is to end. */
  private Optional<Agenda.Item> next() {
    while (true) {
      Optional<Waiting> by;
      long nanos;
      synchronized (lock) {
        if (closed || worker != Thread.currentThread()) {
          return Optional.empty();
        }
        long now = System.nanoTime();
        nanos = 0;
        by = rest.unasked(now);
        if (by.isEmpty()) {
          Optional<Agenda.Item> item = agenda.take(callable, now);
          if (item.isPresent()) {
            rest.worked();
            return item;
          }
          nanos = agenda.wait(callable, now);
          by = Optional.of(rest.pause(nanos, now));
        }
      }
      rest.await(by.get(), nanos);
    }
  }

  private void work(Agenda.Item item) throws Guard.Abandoned {
    if (item instanceof Agenda.Order order) {
      write(order);
    } else if (item instanceof Agenda.Turn turn) {
      read(turn);
    } else if (item instanceof Agenda.Notice notice) {
      notice.what().run();
    }
  }

  /** A command may be what mends a device: it is read at once to see whether it was. */
  private void write(Agenda.Order order) throws Guard.Abandoned {
    Device device = order.device();
    device.write(guard, order.command(), order.done());
    if (device.isDown() && !order.done().isCompletedExceptionally()) {
      synchronized (lock) {
        agenda.hurry(device, System.nanoTime());
      }
    }
  }

  private void read(Agenda.Turn turn) throws Guard.Abandoned {
    Duration pause = turn.device.settings.interval();
    try {
      turn.device.read(guard);
      pause = turn.device.pause();
    } catch (Guard.Abandoned e) {
      pause = Duration.ZERO; // the call has returned at last
      throw e;
    } finally {
      synchronized (lock) {
        agenda.done(turn, pause.toNanos(), System.nanoTime());
      }
    }
  }

  // Everything is caught: a plugin's fault, even an Error of it, is its device's state.
  private <T> T guarded(Device device, Guard.Body<T> body, Consumer<String> whenAbandoned)
      throws Guard.Failed, Guard.Abandoned {
    Duration deadline = device.settings.deadline();
    Thread.interrupted(); // not ours: a listener's doing, and nothing to a driver
    offspring.begin();
    Call call = new Call(device, System.nanoTime() + deadline.toNanos(), whenAbandoned);
    synchronized (lock) {
      if (device.isRemoved()) {
        throw new Guard.Failed(REMOVED); // between taking up the duty and calling
      }
      current = call;
      watch(call.late);
    }
    @Nullable T answer = null;
    @Nullable Throwable thrown = null;
    try {
      answer = body.call();
    } catch (Throwable e) {
      thrown = e;
    }
    Call.State end = call.end();
    if (offspring.attribute(device.id())) {
      device.notice(offspring);
    }
    synchronized (lock) {
      if (current == call) {
        current = null;
        rest.rouse();
      }
    }
    if (end == Call.State.ABANDONED) {
      stuck.remove(device.id());
      throw new Guard.Abandoned();
    }
    if (end == Call.State.LATE) {
      throw Guard.Failed.late(deadline);
    }
    if (end == Call.State.CANCELLED) {
      throw new Guard.Failed(REMOVED);
    }
    if (thrown != null) {
      throw Guard.Failed.by(thrown);
    }
    if (answer == null) {
      throw new Guard.Failed("fault of the driver: it returned null");
    }
    return answer;
  }

  /**
   * Sees to it that somebody looks when a call is late. Most calls are not, and to wake the thread
   * of alarms for each would cost more than the call: so one alarm a bus is set at most, and the
   * one that goes off too early for the call that runs by then is set anew. Under the lock.
   */
  private void watch(long late) {
    ScheduledFuture<?> set = alarm;
    if (set != null && alarmAt - late <= 0) {
      return;
    }
    if (set != null) {
      set.cancel(false);
    }
    alarmAt = late;
    alarm = alarms.schedule(this::look, late - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  private void watchRest(long late) {
    if (!closed) {
      watch(late);
    }
  }

  private void look() {
    Call call;
    synchronized (lock) {
      alarm = null;
      call = current;
      long now = System.nanoTime();
      if (call != null && call.late - now > 0) {
        watch(call.late);
        return;
      }
      if (call == null && !closed && rest.hangs(now)) {
        worker = newWorker();
        worker.start();
      }
    }
    if (call != null) {
      late(call);
    }
  }

  private void late(Call call) {
    if (call.interrupt(Call.State.LATE)) {
      abandonLater(
          call,
          "no answer within its deadline of ["
              + call.device.settings.deadline().toMillis()
              + "] ms, and its driver ignores interrupts; it is left alone until the call returns");
    }
  }

  private void abandonLater(Call call, String reason) {
    ScheduledFuture<?> unused =
        alarms.schedule(() -> abandon(call, reason), grace.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void abandon(Call call, String reason) {
    synchronized (lock) {
      if (!call.abandon()) {
        return;
      }
      stuck.add(call.device.id());
      current = null;
      rest.rouse();
      if (!closed) {
        List<Agenda.Order> refused = agenda.takeOrders(call.device);
        agenda.tell(() -> call.tellAbandoned(reason));
        agenda.tell(() -> refuse(refused, hanging(call.device)));
        worker = newWorker();
        worker.start();
        return;
      }
    }
    call.tellAbandoned(reason);
  }

  private static void refuse(List<Agenda.Order> orders, String reason) {
    orders.forEach(order -> order.done().completeExceptionally(new DeviceException(reason)));
  }

  private static String hanging(Device device) {
    return "device [" + device.id() + "] is down: a call to its driver has not returned";
  }
}
