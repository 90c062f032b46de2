package io.selvedge.flow;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Command;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.Devices;
import io.selvedge.api.device.Measurement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An office with a fan (a flag) and a level (a decimal); it may refuse. */
public final class FakeDevices implements Devices {

  private final List<Command> commands = new ArrayList<>();
  private String refusal = "";

  /** From now on commands are refused; an empty reason ends it. */
  public synchronized void refuse(String reason) {
    refusal = reason;
  }

  public synchronized List<Command> commands() {
    return List.copyOf(commands);
  }

  /** {@code office/fan=true} and so on. */
  public synchronized List<String> sent() {
    return commands.stream().map(c -> c.target() + "=" + c.value().display()).toList();
  }

  @Override
  public List<DeviceStatus> list() {
    return List.of(
        new DeviceStatus(
            "office",
            "io.selvedge.driver.fake",
            "office",
            List.of(
                Channel.decimal("temperature", "Cel"),
                Channel.flag("fan").writable(),
                Channel.decimal("level", "%").writable()),
            Duration.ofSeconds(1),
            DeviceStatus.State.UP,
            Instant.EPOCH,
            "",
            0,
            0));
  }

  @Override
  public Optional<DeviceStatus> find(String id) {
    return list().stream().filter(d -> d.id().equals(id)).findFirst();
  }

  @Override
  public List<Measurement> latest(String id) {
    return List.of();
  }

  @Override
  public synchronized CompletionStage<Void> send(Command command) {
    commands.add(command);
    return refusal.isEmpty()
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(new DeviceException(refusal));
  }
}
