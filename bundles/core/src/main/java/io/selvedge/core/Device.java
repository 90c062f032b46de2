package io.selvedge.core;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Command;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.DeviceStatus.State;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.api.device.Wakeup;
import io.selvedge.api.event.Event.Severity;
import io.selvedge.api.event.Events;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One configured device: its driver, its state, its latest values. Its bus's thread alone reads,
 * writes and changes it; status and latest values may be asked for on any thread.
 */
final class Device {

  private static final Logger log = LoggerFactory.getLogger(Device.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /**
   * Until a driver that could not be made is tried again. Its configuration does not change under
   * it: a new one is a new service. Each try leaves a stack in the framework's log.
   */
  private static final Duration UNMADE_PAUSE = Duration.ofMinutes(10);

  /** A library for a field bus may need some; more are a leak. */
  private static final int MOST_THREADS = 16;

  final DeviceSettings settings;
  final DriverSource source;
  private final Events events;
  private final Clock clock;
  private final Publisher publish;
  private final Map<String, Measurement> latest = new ConcurrentHashMap<>();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private volatile DeviceStatus status; // but for what is counted
  private volatile Map<String, Channel> channels = Map.of();
  private volatile List<Channel> declared = List.of();
  private volatile boolean removed;
  private volatile Wakeup wakeup = () -> {};

  private final Consumer<String> down = this::down; // made once, as what is opened: see Bus

  /** Its driver, and what of it each read needs. */
  private record Opened(Driver driver, Guard.Body<List<Reading>> read, Rows rows) {}

  // Of the bus's thread. None until the driver was made on it.
  private @Nullable Opened opened;
  private int failuresInRow;
  private boolean unmade;
  private boolean remarked;
  private String remark = "";

  Device(
      DeviceSettings settings, DriverSource source, Events events, Clock clock, Publisher publish) {
    this.settings = settings;
    this.source = source;
    this.events = events;
    this.clock = clock;
    this.publish = publish;
    this.status =
        new DeviceStatus(
            settings.id(),
            settings.driver(),
            settings.bus(),
            List.of(),
            settings.interval(),
            State.STARTING,
            clock.instant(),
            "",
            0,
            0);
  }

  String id() {
    return settings.id();
  }

  DeviceStatus status() {
    DeviceStatus now = status;
    return new DeviceStatus(
        now.id(),
        now.driver(),
        now.bus(),
        now.channels(),
        now.interval(),
        now.state(),
        now.since(),
        now.reason(),
        reads.get(),
        failures.get());
  }

  /** The newest measurement of each channel, in the order in which the driver declares them. */
  List<Measurement> latest() {
    return channels.keySet().stream().map(latest::get).filter(Objects::nonNull).toList();
  }

  /** Says how its driver asks for a read. */
  void wokenBy(Wakeup now) {
    wakeup = now;
  }

  /** From now on nothing is reported of it. */
  void markRemoved() {
    removed = true;
  }

  boolean isRemoved() {
    return removed;
  }

  /** Time until the next read: the interval, or longer the longer it has been down. */
  Duration pause() {
    Duration interval = settings.interval();
    if (unmade) {
      return UNMADE_PAUSE;
    }
    if (failuresInRow < 2 || interval.compareTo(LONGEST_PAUSE) >= 0) {
      return interval;
    }
    Duration longer = interval.multipliedBy(1L << Math.min(failuresInRow - 1, 20));
    return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
  }

  /** Reads once and publishes what came. */
  void read(Guard guard) throws Guard.Abandoned {
    try {
      Opened ready = open(guard);
      List<Reading> readings = guard.call(this, ready.read, down);
      up();
      publish(ready.rows.of(readings, clock.instant(), System.nanoTime()));
    } catch (Guard.Failed e) {
      failed(e);
    }
  }

  private void publish(List<List<Measurement>> rows) {
    try {
      for (List<Measurement> row : rows) {
        if (removed) {
          return;
        }
        for (Measurement measurement : row) {
          latest.put(measurement.channel().id(), measurement);
        }
        publish.publish(row);
      }
    } finally {
      publish.done();
    }
  }

  /** Writes one channel; the future ends when the driver has taken the value or refused it. */
  void write(Guard guard, Command command, CompletableFuture<Void> done) throws Guard.Abandoned {
    try {
      if (unmade) {
        throw new DeviceException(about(command) + status.reason());
      }
      Driver ready = open(guard).driver;
      Value value = fitting(command);
      guard.call(
          this,
          () -> {
            ready.write(command.target().channel(), value);
            return true;
          },
          reason -> {
            down(reason);
            done.completeExceptionally(new DeviceException(about(command) + reason));
          });
      log.debug("device [{}]: {} written by [{}]", id(), about(command), command.origin());
      done.complete(null);
    } catch (DeviceException e) {
      done.completeExceptionally(e);
    } catch (Guard.Failed e) {
      if (e.isLate()) {
        failed(e);
      }
      done.completeExceptionally(new DeviceException(about(command) + e.getMessage(), e));
    }
  }

  /**
   * The command's value in its channel's kind.
   *
   * @throws DeviceException no such channel, not writable, or a value that does not fit
   */
  Value fitting(Command command) throws DeviceException {
    Channel channel = channels.get(command.target().channel());
    if (channel == null) {
      throw new DeviceException(
          "device ["
              + id()
              + "] has no channel ["
              + command.target().channel()
              + "]; it has "
              + channels.keySet());
    }
    if (!channel.isWritable()) {
      throw new DeviceException(
          "channel ["
              + command.target()
              + "] is read only; writable are "
              + channels.values().stream().filter(Channel::isWritable).map(Channel::id).toList());
    }
    Optional<Value> value = Fit.to(channel.kind(), command.value());
    return value.orElseThrow(
        () ->
            new DeviceException(
                about(command)
                    + "must be a value of kind "
                    + channel.kind()
                    + " for this channel"));
  }

  boolean isDown() {
    return status.state() == State.DOWN;
  }

  /** True once the driver has said what it has, so that commands can be checked at once. */
  boolean isKnown() {
    return !channels.isEmpty();
  }

  /** It does not answer: one event where it goes, none while it stays away. */
  void down(String reason) {
    if (removed) {
      return;
    }
    failuresInRow++;
    boolean goes = status.state() != State.DOWN;
    failures.incrementAndGet();
    become(State.DOWN, reason);
    if (goes) {
      events.report(
          Severity.WARNING,
          "device/" + id(),
          "device.down",
          "device [" + id() + "] is down: " + reason);
    } else {
      log.debug("device [{}] is still down: {}", id(), reason);
    }
  }

  /** Says once, and keeps in the status, that its driver starts threads without end. */
  void notice(Offspring offspring) {
    if (remarked || removed) {
      return;
    }
    List<String> threads = offspring.of(id());
    if (threads.size() > MOST_THREADS) {
      remarked = true;
      remark =
          "its driver has started ["
              + threads.size()
              + "] threads; it should start none, and must end those that it does";
      events.report(
          Severity.WARNING,
          "device/" + id(),
          "device.threads",
          "device [" + id() + "]: " + remark + ": " + threads.subList(0, 5) + " …");
    }
  }

  private void failed(Guard.Failed failed) {
    if (!removed && failed.isFault() && status.state() != State.DOWN) {
      log.warn("device [{}]: driver [{}] threw", id(), settings.driver(), failed.getCause());
    }
    down(String.valueOf(failed.getMessage()));
  }

  private void up() {
    if (removed) {
      return;
    }
    failuresInRow = 0;
    State before = status.state();
    reads.incrementAndGet();
    become(State.UP, remark);
    if (before != State.UP) {
      events.report(
          Severity.INFO,
          "device/" + id(),
          "device.up",
          "device ["
              + id()
              + "] "
              + (before == State.DOWN ? "is back" : "answers")
              + ", channels "
              + channels.keySet());
    }
  }

  private void become(State state, String reason) {
    DeviceStatus was = status;
    if (state == was.state() && reason.equals(was.reason()) && declared.equals(was.channels())) {
      return; // of most reads: what is counted is told when it is asked for
    }
    status =
        new DeviceStatus(
            was.id(),
            was.driver(),
            was.bus(),
            declared,
            was.interval(),
            state,
            state == was.state() ? was.since() : clock.instant(),
            reason,
            0,
            0);
  }

  private Opened open(Guard guard) throws Guard.Failed, Guard.Abandoned {
    Opened known = opened;
    if (known != null) {
      return known;
    }
    Driver made = make(guard);
    List<Channel> told = guard.call(this, () -> copy(made.channels()), down);
    Map<String, Channel> byId = new LinkedHashMap<>();
    for (Channel channel : told) {
      if (byId.put(channel.id(), channel) != null) {
        throw new Guard.Failed(
            "fault of the driver: it declares channel [" + channel.id() + "] twice");
      }
    }
    channels = byId;
    declared = told;
    guard.call(
        this,
        () -> {
          made.attach(wakeup);
          return true;
        },
        down);
    Opened all = new Opened(made, () -> copy(made.read()), new Rows(id(), byId, events));
    opened = all;
    return all;
  }

  private Driver make(Guard guard) throws Guard.Failed, Guard.Abandoned {
    try {
      Driver made = guard.call(this, source::open, down);
      unmade = false;
      return made;
    } catch (Guard.Failed e) {
      unmade = !e.isLate();
      throw e;
    }
  }

  /** Copies within the guarded call: a list made lazily may itself hang or throw. */
  @SuppressWarnings("unchecked") // what was in a list of T
  private static <T> List<T> copy(List<T> from) {
    return (List<T>) List.of(Objects.requireNonNull(from, "it returned null").toArray());
  }

  private static String about(Command command) {
    return "command [" + command.value().display() + "] to [" + command.target() + "]: ";
  }
}
