package io.selvedge.core;

import static io.selvedge.core.Running.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceStatus.State;
import io.selvedge.api.device.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Drivers of every bad kind beside well-behaved ones, on the same buses and on one apart: each
 * reading of the well-behaved is counted.
 */
class GoodNeighboursTest {

  /** More than a hanging call takes until it is given up, so that nobody may miss a turn for it. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final int SLOTS = 5;
  private static final int DEADLINE_MS = 50;
  private static final int LEAKED = 24;

  private final Running running = new Running();
  private final CountDownLatch release = new CountDownLatch(1);
  private final Map<String, Good> good = new TreeMap<>();

  @AfterEach
  void stop() {
    release.countDown();
    running.close();
  }

  /** Numbers its readings, and counts slots of its interval in which nobody read it. */
  private static final class Good {
    private final FakeDriver driver = new FakeDriver();
    private long base = Long.MAX_VALUE;
    private long reads;
    private long missed;

    Good() {
      driver.channels = List.of(Channel.whole("number", "1"));
      driver.read = this::read;
    }

    synchronized List<Reading> read() {
      slot(System.nanoTime());
      return List.of(Reading.of("number", reads));
    }

    /** A read now: the grid begins with the earliest one. */
    synchronized void slot(long now) {
      long interval = INTERVAL.toNanos();
      base = Math.min(base, now - (reads + missed) * interval);
      missed = Math.max(missed, (now - base) / interval - reads);
      reads++;
    }

    synchronized long reads() {
      return reads;
    }

    synchronized long missed() {
      return missed;
    }
  }

  private void addGood(String id, String bus) {
    Good one = new Good();
    good.put(id, one);
    running.loop.add(
        new DeviceSettings(id, "test", bus, INTERVAL, Duration.ofMinutes(1)), one.driver);
  }

  private void addHostile(String bus) {
    running.add(bus + "-hangs", bus, new FakeDriver(this::hang), DEADLINE_MS);
    running.add(
        bus + "-late",
        bus,
        new FakeDriver(
            () -> {
              Thread.sleep(60_000);
              return List.of();
            }),
        DEADLINE_MS);
    running.add(
        bus + "-throws",
        bus,
        new FakeDriver(
            () -> {
              throw new StackOverflowError("x");
            }));
    FakeDriver flood = new FakeDriver();
    flood.read =
        () -> {
          flood.wakeup.now(); // and so on, for ever
          return Collections.nCopies(20, Reading.of("temperature", 1.0));
        };
    running.add(bus + "-floods", bus, flood);
    FakeDriver leaks = new FakeDriver();
    leaks.read =
        () -> {
          if (leaks.reads.get() < LEAKED) {
            Thread thread = new Thread(this::hang, "leaked");
            thread.setDaemon(true);
            thread.start();
          }
          return List.of(Reading.of("temperature", 1.0));
        };
    running.add(bus + "-leaks", bus, leaks);
  }

  private List<Reading> hang() {
    while (release.getCount() > 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      Thread.interrupted(); // ignored: that is the point
    }
    return List.of();
  }

  @Test
  void noReadingOfAWellBehavedDeviceIsMissedOrLostWhateverOthersDo() {
    Good control = new Good(); // of this machine: a thread that does nothing but keep the grid
    for (String bus : List.of("i2c", "gpio", "quiet")) {
      for (int i = 0; i < 4; i++) {
        addGood(bus + "-good-" + i, bus);
      }
    }
    await(() -> good.values().stream().allMatch(one -> one.reads() > 0));
    addHostile("i2c");
    addHostile("gpio");

    keepTheGrid(control);

    for (String bus : List.of("i2c", "gpio")) {
      running.awaitState(bus + "-hangs", State.DOWN);
      running.awaitState(bus + "-late", State.DOWN);
      running.awaitState(bus + "-throws", State.DOWN);
      await(() -> running.status(bus + "-leaks").reason().contains("threads"));
    }
    assertThat(running.events.all.stream().filter(e -> e.code().equals("device.threads")))
        .extracting(event -> event.source())
        .containsExactlyInAnyOrder("device/i2c-leaks", "device/gpio-leaks");
    Map<String, List<Long>> arrived = arrived();
    good.forEach(
        (id, one) -> {
          assertThat(one.missed())
              .as("slots that [%s] missed; the machine by itself: [%s]", id, control.missed())
              .isLessThanOrEqualTo(control.missed());
          assertThat(one.reads()).as(id).isGreaterThanOrEqualTo(SLOTS - control.missed());
          assertThat(arrived.get(id))
              .as("each reading of [%s] arrives once, in its order", id)
              .startsWith(LongStream.rangeClosed(1, SLOTS - 1).boxed().toArray(Long[]::new));
          assertThat(running.status(id).state()).isEqualTo(State.UP);
          assertThat(running.status(id).failures()).isZero();
        });
  }

  private static void keepTheGrid(Good control) {
    long next = System.nanoTime();
    for (int i = 0; i <= SLOTS; i++) {
      while (next - System.nanoTime() > 0) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
      control.slot(System.nanoTime());
      next += INTERVAL.toNanos();
    }
  }

  /** The numbers of all that arrived, by device; complete up to the last one. */
  private Map<String, List<Long>> arrived() {
    Map<String, List<Long>> arrived = new TreeMap<>();
    synchronized (running.rows) {
      running.rows.stream()
          .map(row -> row.get(0))
          .filter(first -> first.channel().id().equals("number"))
          .forEach(
              first ->
                  arrived
                      .computeIfAbsent(first.device(), id -> new ArrayList<>())
                      .add((long) first.value().number().orElse(0)));
    }
    arrived.forEach(
        (id, numbers) ->
            assertThat(numbers)
                .as("numbers of [%s] without a gap", id)
                .isEqualTo(LongStream.rangeClosed(1, numbers.size()).boxed().toList()));
    return arrived;
  }
}
