package io.selvedge.core;

import io.selvedge.api.device.Command;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.Devices;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.event.Event.Severity;
import io.selvedge.api.event.Events;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All devices and their buses. Devices come and go with their drivers; a second driver for a device
 * that is there is refused, and takes over where the first goes (that is how a driver is replaced
 * without a gap).
 */
final class DeviceLoop implements Devices {

  private static final int MOST_NAMED = 10;

  private final Events events;
  private final Clock clock;
  private final Duration grace;
  private final Publisher publish;
  private final ScheduledThreadPoolExecutor alarms;
  private final Stuck stuck = new Stuck(this::wakeAll);
  private final Map<String, Offspring> offspring = new ConcurrentHashMap<>();
  private final Map<String, Device> devices = new ConcurrentSkipListMap<>();

  // Under the lock of this map.
  private final Map<String, Bus> buses = new HashMap<>();
  private final List<Device> waiting = new ArrayList<>();
  private boolean closed;

  /**
   * @param grace time that a driver's call has to end after it was interrupted
   * @param publish told each row, on the thread of its bus
   */
  DeviceLoop(Events events, Clock clock, Duration grace, Publisher publish) {
    this.events = events;
    this.clock = clock;
    this.grace = grace;
    this.publish = publish;
    this.alarms =
        new ScheduledThreadPoolExecutor(
            1,
            duty -> {
              Thread thread = new Thread(duty, "selvedge-deadlines");
              thread.setDaemon(true);
              return thread;
            });
    alarms.setRemoveOnCancelPolicy(true);
    boolean unused = alarms.prestartCoreThread(); // else a bus starts it, for a driver's call
  }

  /**
   * Takes a device in.
   *
   * @return what to remove later
   */
  Device add(DeviceSettings settings, DriverSource source) {
    Device device = new Device(settings, source, events, clock, publish);
    synchronized (buses) {
      if (closed) {
        return device;
      }
      Device first = devices.putIfAbsent(device.id(), device);
      if (first == null) {
        start(device);
        return device;
      }
      waiting.add(device);
    }
    events.report(
        Severity.WARNING,
        "device/" + device.id(),
        "device.refused",
        "driver ["
            + settings.driver()
            + "] asks for device.id ["
            + device.id()
            + "], which another driver has; ids are unique: give it another one, or remove the"
            + " first");
    return device;
  }

  /**
   * Lets a device go. Returns when no call into its driver runs, or when that was given up.
   *
   * @return false where it only waited for the id of another
   */
  boolean remove(Device device) {
    Bus bus;
    synchronized (buses) {
      if (waiting.remove(device) || !devices.remove(device.id(), device)) {
        return false;
      }
      device.markRemoved();
      bus = busOf(device);
      if (bus != null && bus.remove(device)) {
        buses.remove(device.settings.bus());
      }
    }
    if (bus != null) {
      bus.awaitQuiet(device);
    }
    device.source.close();
    lookForThreadsLater(device);
    synchronized (buses) {
      Optional<Device> next =
          waiting.stream().filter(other -> other.id().equals(device.id())).findFirst();
      if (!closed && next.isPresent() && devices.putIfAbsent(device.id(), next.get()) == null) {
        waiting.remove(next.get());
        start(next.get());
      }
    }
    return true;
  }

  @Override
  public List<DeviceStatus> list() {
    return devices.values().stream().map(Device::status).toList();
  }

  @Override
  public Optional<DeviceStatus> find(String id) {
    return Optional.ofNullable(devices.get(id)).map(Device::status);
  }

  @Override
  public List<Measurement> latest(String id) {
    return Optional.ofNullable(devices.get(id)).map(Device::latest).orElse(List.of());
  }

  @Override
  public CompletionStage<Void> send(Command command) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    try {
      Device device = devices.get(command.target().device());
      if (device == null) {
        throw new DeviceException(
            "no device [" + command.target().device() + "]; there are " + devices.keySet());
      }
      if (device.isKnown()) {
        device.fitting(command);
      }
      Bus bus;
      synchronized (buses) {
        bus = busOf(device);
      }
      if (bus == null) {
        throw new DeviceException("device [" + device.id() + "] was removed");
      }
      bus.send(device, command, done);
    } catch (DeviceException e) {
      done.completeExceptionally(e);
    }
    return done;
  }

  /** Ends all threads; those that hang in a driver are reported and left behind. */
  void stop() throws InterruptedException {
    List<Bus> ending;
    synchronized (buses) {
      closed = true;
      ending = List.copyOf(buses.values());
      devices.values().forEach(Device::markRemoved);
      for (Device device : devices.values()) {
        Bus bus = busOf(device);
        if (bus != null) {
          bus.remove(device);
        }
      }
      buses.clear();
    }
    for (Bus bus : ending) {
      bus.awaitEnd();
    }
    devices.values().forEach(device -> device.source.close());
    devices.clear();
    alarms.shutdownNow();
    boolean unused = alarms.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void start(Device device) {
    buses
        .computeIfAbsent(
            device.settings.bus(), name -> new Bus(name, alarms, grace, stuck, offspring(name)))
        .add(device);
  }

  /** Kept beyond the bus: a thread that a driver has left behind is still its own. */
  private Offspring offspring(String bus) {
    return offspring.computeIfAbsent(bus, Offspring::new);
  }

  private void lookForThreadsLater(Device device) {
    if (!alarms.isShutdown()) {
      var unused =
          alarms.schedule(() -> lookForThreads(device), grace.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** A driver that has gone takes its threads with it; one that does not is named. */
  private void lookForThreads(Device device) {
    List<String> left = offspring(device.settings.bus()).of(device.id());
    if (!left.isEmpty() && !devices.containsKey(device.id())) {
      events.report(
          Severity.WARNING,
          "device/" + device.id(),
          "device.left_threads",
          "device ["
              + device.id()
              + "] is gone, and its driver ["
              + device.settings.driver()
              + "] has left ["
              + left.size()
              + "] threads behind, which hold its memory until the gateway is restarted: "
              + left.subList(0, Math.min(left.size(), MOST_NAMED)));
    }
  }

  private @Nullable Bus busOf(Device device) {
    return buses.get(device.settings.bus());
  }

  private void wakeAll() {
    synchronized (buses) {
      buses.values().forEach(Bus::wake);
    }
  }
}
