package io.selvedge.core;

import static io.selvedge.core.Running.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceStatus.State;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.api.device.Waiting;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The thread of a bus waits by what one of its drivers has offered, and nothing else changes. */
class RestTest {

  private static final long NEVER_MS = 86_400_000;

  private Running running = new Running();
  private final FakeWaiting waiting = new FakeWaiting();

  @AfterEach
  void stop() {
    running.close();
    assertThat(waiting.waiting).as("threads that still wait").hasValue(0);
  }

  private Device addSilent(String id, FakeDriver driver, long deadlineMs) {
    return running.loop.add(
        new DeviceSettings(
            id, "test", "gpio", Duration.ofMillis(NEVER_MS), Duration.ofMillis(deadlineMs)),
        driver);
  }

  /** A device whose line offers its own way to wait. */
  private Device addButton(FakeDriver button) {
    Device device = addSilent("button", button, 60_000);
    await(() -> button.reads.get() == 1);
    waiting.onEdge = button.wakeup::now;
    assertThat(button.wakeup.offer(waiting)).contains(waiting);
    await(() -> waiting.waiting.get() == 1);
    return device;
  }

  @Test
  void anEdgeIsReadByTheThreadThatWaitedForIt() {
    FakeDriver button = new FakeDriver();
    addButton(button);

    waiting.edge();

    await(() -> button.reads.get() == 2);
    assertThat(waiting.threads).containsExactly("selvedge-bus-gpio");
  }

  @Test
  void theSecondOfABusIsToldWhatTheFirstHasOffered() {
    FakeDriver button = new FakeDriver();
    addButton(button);
    FakeDriver other = new FakeDriver();
    addSilent("other", other, 60_000);
    await(() -> other.reads.get() == 1);

    FakeWaiting late = new FakeWaiting();
    assertThat(other.wakeup.offer(late)).contains(waiting);
    other.wakeup.withdraw(late); // not what it waits by

    other.wakeup.now();
    await(() -> other.reads.get() == 2);
    assertThat(late.waits).hasValue(0);
  }

  @Test
  void commandsIntervalsAndOtherDevicesAreServedAsBefore() throws Exception {
    FakeDriver button = new FakeDriver();
    addButton(button);
    FakeDriver relay = new FakeDriver();
    relay.channels = List.of(Channel.decimal("temperature", "Cel"), Channel.flag("on").writable());
    running.add("relay", "gpio", relay);

    await(() -> relay.reads.get() > 20); // every 5 ms
    for (int i = 0; i < 20; i++) {
      assertThat(Running.outcome(running.send("relay/on", Value.of(true)))).isEqualTo("ok");
    }
    assertThat(button.reads).as("nothing happened to it").hasValue(1);
  }

  @Test
  void aBusThatAlwaysHasSomethingToDoHearsOfEdgesAllTheSame() {
    FakeDriver button = new FakeDriver();
    addButton(button);
    FakeDriver slow =
        new FakeDriver(
            () -> {
              TimeUnit.MILLISECONDS.sleep(8); // is asked every 5 ms: it is always due
              return List.of(Reading.of("temperature", 1.0));
            });
    running.add("slow", "gpio", slow);
    await(() -> slow.reads.get() > 5);

    for (int i = 2; i < 6; i++) {
      waiting.edge();
      int wanted = i;
      await(() -> button.reads.get() == wanted);
    }
  }

  @Test
  void whatIsWithdrawnIsWaitedForNoMore() {
    FakeDriver button = new FakeDriver();
    addButton(button);

    button.wakeup.withdraw(waiting);

    assertThat(waiting.waiting).as("at once").hasValue(0);
    int waits = waiting.waits.get();
    button.wakeup.now();
    await(() -> button.reads.get() == 2);
    assertThat(waiting.waits).hasValue(waits);
  }

  @Test
  void whatIsWithdrawnIsHeldNoMore() {
    FakeDriver button = new FakeDriver();
    addSilent("button", button, 60_000);
    await(() -> button.reads.get() == 1);

    WeakReference<Waiting> gone = offeredAndWithdrawn(button);

    await(
        () -> {
          System.gc();
          return gone.get() == null;
        });
    assertThat(Running.threads()).as("its bus waits on").contains("selvedge-bus-gpio");
  }

  private static WeakReference<Waiting> offeredAndWithdrawn(FakeDriver driver) {
    FakeWaiting passing = new FakeWaiting();
    passing.onEdge = driver.wakeup::now;
    assertThat(driver.wakeup.offer(passing)).contains(passing);
    await(() -> passing.waiting.get() == 1);
    passing.edge();
    await(() -> driver.reads.get() == 2 && passing.waiting.get() == 1);
    driver.wakeup.withdraw(passing);
    return new WeakReference<>(passing);
  }

  @Test
  void aBusThatIsClosedLeavesNoAlarm() throws InterruptedException {
    ScheduledThreadPoolExecutor alarms = new ScheduledThreadPoolExecutor(1);
    alarms.setRemoveOnCancelPolicy(true);
    try {
      Bus bus =
          new Bus(
              "rare", alarms, Duration.ofMillis(300), new Stuck(() -> {}), new Offspring("rare"));
      FakeDriver rare = new FakeDriver();
      Device device =
          new Device(
              new DeviceSettings(
                  "rare", "test", "rare", Duration.ofHours(5), Duration.ofMillis(200)),
              rare,
              running.events,
              Clock.systemUTC(),
              row -> {});
      bus.add(device);
      await(() -> rare.reads.get() == 1);
      assertThat(rare.wakeup.offer(waiting)).contains(waiting);
      await(() -> waiting.waiting.get() == 1);
      await(() -> alarms.getCompletedTaskCount() > 1 && alarms.getQueue().size() == 1);

      device.markRemoved();
      assertThat(bus.remove(device)).isTrue();
      bus.awaitEnd();

      assertThat(alarms.getQueue()).isEmpty();
    } finally {
      alarms.shutdownNow();
    }
  }

  @Test
  void withTheDeviceGoneNothingIsTakenAndTheThreadEnds() {
    FakeDriver button = new FakeDriver();
    Device device = addButton(button);

    assertThat(running.loop.remove(device)).isTrue();

    assertThat(button.wakeup.offer(new FakeWaiting())).isEmpty();
    await(() -> Running.threads().stream().noneMatch(name -> name.startsWith("selvedge-bus-")));
    button.wakeup.withdraw(waiting);
  }

  @ParameterizedTest
  @ValueSource(classes = {IllegalStateException.class, InternalError.class, IOException.class})
  void oneThatThrowsIsGivenUpAndTheBusGoesOn(Class<? extends Throwable> fault) {
    FakeDriver button = new FakeDriver();
    addSilent("button", button, 60_000);
    await(() -> button.reads.get() == 1);
    AtomicInteger thrown = new AtomicInteger();
    Waiting hostile =
        hostile(
            () -> {
              thrown.incrementAndGet();
              RestTest.<RuntimeException>sneak(fault.getConstructor().newInstance());
              return true;
            },
            () -> {});

    assertThat(button.wakeup.offer(hostile)).contains(hostile);

    await(() -> thrown.get() == 1);
    button.wakeup.now();
    await(() -> button.reads.get() == 2);
    assertThat(thrown).hasValue(1);
  }

  @Test
  void oneThatThrowsWhereItIsToEndHindersNobodyWhoEndsIt() {
    FakeDriver button = new FakeDriver();
    addSilent("button", button, 60_000);
    await(() -> button.reads.get() == 1);
    Semaphore ends = new Semaphore(0);
    AtomicInteger waits = new AtomicInteger();
    Waiting hostile =
        hostile(
            () -> {
              waits.incrementAndGet();
              return ends.tryAcquire(1, TimeUnit.DAYS);
            },
            () -> {
              ends.release();
              throw new IllegalStateException("a fault of the bus");
            });
    assertThat(button.wakeup.offer(hostile)).contains(hostile);
    await(() -> waits.get() == 1);

    button.wakeup.now();

    await(() -> button.reads.get() == 2);
  }

  @Test
  void oneThatDoesNotWaitDoesNotKeepTheProcessorBusy() {
    FakeDriver button = new FakeDriver();
    addSilent("button", button, 60_000);
    await(() -> button.reads.get() == 1);
    AtomicInteger waits = new AtomicInteger();
    Waiting hostile = hostile(() -> waits.incrementAndGet() > 0, () -> {});
    long begun = System.nanoTime();
    assertThat(button.wakeup.offer(hostile)).contains(hostile);

    await(() -> waits.get() > 2000);

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(150));
    button.wakeup.now();
    await(() -> button.reads.get() == 2);
    button.wakeup.withdraw(hostile);
  }

  /** Ends by nothing that the bus does. */
  private static Waiting endless(AtomicInteger waits, Semaphore never) {
    return hostile(
        () -> {
          waits.incrementAndGet();
          never.acquireUninterruptibly();
          return true;
        },
        () -> {});
  }

  @Test
  void oneThatDoesNotEndIsGivenUpWithItsThread() throws Exception {
    FakeDriver button = new FakeDriver();
    addSilent("button", button, 60_000);
    await(() -> button.reads.get() == 1);
    Semaphore never = new Semaphore(0);
    AtomicInteger waits = new AtomicInteger();
    Waiting hostile = endless(waits, never);
    assertThat(button.wakeup.offer(hostile)).contains(hostile);
    await(() -> waits.get() == 1);

    button.wakeup.now();

    await(() -> button.reads.get() == 2);
    assertThat(button.wakeup.offer(waiting)).as("no other is taken").isEmpty();
    never.release();
    await(() -> Running.threads().stream().filter("selvedge-bus-gpio"::equals).count() == 1);
    button.wakeup.now();
    await(() -> button.reads.get() == 3);
    assertThat(waits).hasValue(1);
  }

  @Test
  void oneThatIgnoresTheTimeIsGivenUpAndIntervalsAreKept() {
    FakeDriver thermometer = new FakeDriver();
    running.add("thermometer", "gpio", thermometer); // every 5 ms
    await(() -> thermometer.reads.get() > 1);
    Semaphore never = new Semaphore(0);
    AtomicInteger waits = new AtomicInteger();
    Waiting hostile = endless(waits, never);
    assertThat(thermometer.wakeup.offer(hostile)).contains(hostile);
    await(() -> waits.get() == 1);

    int before = thermometer.reads.get();
    await(() -> thermometer.reads.get() > before + 10);

    never.release();
  }

  @Test
  void oneThatBlocksWhereItIsToEndHoldsNobody() throws Exception {
    running.close();
    running = new Running(Duration.ofSeconds(1)); // it is given up after five times as long
    FakeDriver elsewhere = new FakeDriver();
    running.add("elsewhere", "i2c", elsewhere); // every 5 ms
    FakeDriver relay = new FakeDriver();
    relay.channels = List.of(Channel.decimal("temperature", "Cel"), Channel.flag("on").writable());
    Device other = addSilent("relay", relay, 60_000);
    FakeDriver button = new FakeDriver();
    addSilent("button", button, 60_000);
    await(() -> button.reads.get() == 1 && relay.reads.get() == 1);
    Semaphore never = new Semaphore(0);
    AtomicInteger waits = new AtomicInteger();
    AtomicInteger ends = new AtomicInteger();
    Waiting hostile =
        hostile(
            () -> {
              waits.incrementAndGet();
              never.acquireUninterruptibly();
              return true;
            },
            () -> {
              ends.incrementAndGet();
              never.acquireUninterruptibly();
            });
    assertThat(button.wakeup.offer(hostile)).contains(hostile);
    await(() -> waits.get() == 1);

    try {
      assertTimeoutPreemptively(
          Duration.ofSeconds(60),
          () -> {
            button.wakeup.now();
            CompletionStage<Void> command = running.send("relay/on", Value.of(true));
            await(() -> ends.get() == 1);
            assertThat(running.status("relay").state()).isEqualTo(State.UP);
            int before = elsewhere.reads.get();
            await(() -> elsewhere.reads.get() > before + 10);
            assertThat(running.loop.remove(other)).isTrue();
            assertThat(Running.outcome(command)).isEqualTo("device [relay] was removed");
            await(() -> button.reads.get() == 2); // what does not end is given up
          });

      assertThat(button.wakeup.offer(waiting)).as("no other is taken").isEmpty();
      assertThat(ends).hasValue(1);
    } finally {
      never.release(1000);
    }
  }

  @Test
  void oneThatEndsOneWaitAndHangsThereIsGivenUp() throws Exception {
    FakeDriver thermometer = new FakeDriver();
    running.add("thermometer", "gpio", thermometer); // every 5 ms
    await(() -> thermometer.reads.get() > 1);
    Semaphore ends = new Semaphore(0);
    Semaphore never = new Semaphore(0);
    AtomicInteger waits = new AtomicInteger();
    Waiting hostile =
        hostile(
            () -> {
              waits.incrementAndGet();
              return ends.tryAcquire(1, TimeUnit.MILLISECONDS);
            },
            () -> {
              ends.release();
              never.acquireUninterruptibly();
            });
    assertThat(thermometer.wakeup.offer(hostile)).contains(hostile);

    await(
        () -> {
          thermometer.wakeup.now();
          return thermometer.wakeup.offer(waiting).isEmpty();
        });

    int before = thermometer.reads.get();
    int waited = waits.get();
    await(() -> thermometer.reads.get() > before + 10);
    assertThat(waits.get()).isBetween(waited, waited + 1); // the one that ran may have just begun
    never.release(1000);
    await(() -> Running.threads().stream().noneMatch("selvedge-bus-gpio-ends"::equals));
  }

  private static Waiting hostile(Callable<Boolean> await, Runnable end) {
    return new Waiting() {
      @Override
      public void await(long nanos) {
        try {
          boolean unused = await.call();
        } catch (Exception e) {
          RestTest.<RuntimeException>sneak(e);
        }
      }

      @Override
      public void end() {
        end.run();
      }
    };
  }

  /** As a driver can whose language knows no checked exceptions. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> void sneak(Throwable fault) throws T {
    throw (T) fault;
  }

  @Test
  void whereACallHangsTheNewThreadWaitsForTheOthersEdges() {
    FakeDriver button = new FakeDriver();
    addButton(button);
    Semaphore go = new Semaphore(0);
    FakeDriver hostile =
        new FakeDriver(
            () -> {
              go.acquireUninterruptibly();
              return List.of(Reading.of("temperature", 1.0));
            });
    addSilent("hostile", hostile, 100);
    running.awaitState("hostile", State.DOWN);

    waiting.edge();

    await(() -> button.reads.get() == 2);
    go.release();
    await(() -> hostile.reads.get() >= 1);
    go.release(1000);
  }
}
