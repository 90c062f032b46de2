package io.selvedge.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.ChannelAddress;
import io.selvedge.api.device.Command;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.DeviceStatus;
import io.selvedge.api.device.DeviceStatus.State;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.Value;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A device loop with real threads, as tests see it: short intervals, everything it publishes. */
final class Running implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  final FakeEvents events = new FakeEvents();
  final List<List<Measurement>> rows = Collections.synchronizedList(new ArrayList<>());
  final DeviceLoop loop;

  Running() {
    this(Duration.ofMillis(300));
  }

  /**
   * @param grace that a call has to end after it was interrupted
   */
  Running(Duration grace) {
    loop = new DeviceLoop(events, Clock.fixed(NOW, ZoneOffset.UTC), grace, rows::add);
  }

  Device add(String id, String bus, FakeDriver driver) {
    return add(id, bus, driver, 60_000);
  }

  Device add(String id, String bus, FakeDriver driver, long deadlineMs) {
    return loop.add(
        new DeviceSettings(id, "test", bus, Duration.ofMillis(5), Duration.ofMillis(deadlineMs)),
        driver);
  }

  CompletionStage<Void> send(String target, Value value) {
    return loop.send(new Command(ChannelAddress.parse(target), value, "test"));
  }

  /** What a command ended with: "ok", or the message of its exception. */
  static String outcome(CompletionStage<Void> command) throws Exception {
    try {
      command.toCompletableFuture().get(1, TimeUnit.MINUTES);
      return "ok";
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      assertThat(cause).isInstanceOf(DeviceException.class);
      return String.valueOf(cause == null ? "" : cause.getMessage());
    }
  }

  DeviceStatus status(String id) {
    return loop.find(id).orElseThrow();
  }

  void awaitState(String id, State state) {
    await(() -> loop.find(id).map(DeviceStatus::state).orElse(null) == state);
  }

  /** Waits for as many events and says whether they are these: a state is set before its event. */
  void awaitEvents(String... codes) {
    await(() -> events.all.size() >= codes.length);
    assertThat(events.codes()).containsExactly(codes);
  }

  /** Waits for the event of a device that went; there is but one. */
  void awaitOneDown() {
    await(() -> events.codes().contains("device.down"));
    assertThat(events.codes()).containsOnlyOnce("device.down");
  }

  /** Waits for what other threads do; a minute is for ever. */
  static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited a minute in vain").isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("selvedge-"))
        .sorted()
        .toList();
  }

  /** Ends with its last thread: the next test counts threads, too. */
  @Override
  public void close() {
    try {
      loop.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    await(() -> threads().isEmpty());
  }
}
