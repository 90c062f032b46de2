package io.selvedge.sparkplug;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Command;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.DeviceStatus.State;
import io.selvedge.api.device.Devices;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Devices by hand; a command is taken at once, and what it wrote is what the channel says next. */
final class FakeDevices implements Devices {

  private final Map<String, DeviceStatus> devices = new TreeMap<>();
  private final Map<String, Map<String, Measurement>> latest = new TreeMap<>();
  final List<Command> commands = new CopyOnWriteArrayList<>();
  private Optional<String> refusal = Optional.empty();
  private Optional<Error> failure = Optional.empty();

  synchronized FakeDevices put(String id, State state, Channel... channels) {
    devices.put(
        id,
        new DeviceStatus(
            id,
            "fake",
            "bus",
            List.of(channels),
            Duration.ofSeconds(1),
            state,
            Instant.EPOCH,
            "",
            0,
            0));
    latest.computeIfAbsent(id, any -> new TreeMap<>());
    return this;
  }

  synchronized FakeDevices state(String id, State state) {
    DeviceStatus before = find(id).orElseThrow();
    return put(id, state, before.channels().toArray(new Channel[0]));
  }

  synchronized FakeDevices measure(String id, String channel, Value value, Instant time) {
    Channel found =
        find(id).orElseThrow().channels().stream()
            .filter(one -> one.id().equals(channel))
            .findFirst()
            .orElseThrow();
    latest
        .computeIfAbsent(id, any -> new TreeMap<>())
        .put(channel, new Measurement(id, found, value, time, System.nanoTime()));
    return this;
  }

  synchronized void remove(String id) {
    devices.remove(id);
    latest.remove(id);
  }

  synchronized void refuse(String why) {
    refusal = Optional.of(why);
  }

  /** The next one who asks for all of them gets this. */
  synchronized void fail(Error error) {
    failure = Optional.of(error);
  }

  @Override
  public synchronized List<DeviceStatus> list() {
    Optional<Error> now = failure;
    failure = Optional.empty();
    now.ifPresent(
        error -> {
          throw error;
        });
    return new ArrayList<>(devices.values());
  }

  @Override
  public synchronized Optional<DeviceStatus> find(String id) {
    return Optional.ofNullable(devices.get(id));
  }

  @Override
  public synchronized List<Measurement> latest(String id) {
    return List.copyOf(latest.getOrDefault(id, Map.of()).values());
  }

  @Override
  public CompletionStage<Void> send(Command command) {
    synchronized (this) {
      if (refusal.isPresent()) {
        return CompletableFuture.failedFuture(new DeviceException(refusal.get()));
      }
    }
    commands.add(command);
    return CompletableFuture.completedFuture(null);
  }
}
