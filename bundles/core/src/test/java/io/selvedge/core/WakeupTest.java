package io.selvedge.core;

import static io.selvedge.core.Running.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.DeviceStatus.State;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Wakeup;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hardware that speaks by itself is read at once, and starves nobody. */
class WakeupTest {

  private static final long NEVER_MS = 86_400_000;

  private final Running running = new Running();

  @AfterEach
  void stop() {
    running.close();
  }

  /** A device whose interval never passes: what is read is read because it asked. */
  private Device addSilent(String id, FakeDriver driver) {
    return running.loop.add(
        new DeviceSettings(
            id, "test", "gpio", Duration.ofMillis(NEVER_MS), Duration.ofMillis(60_000)),
        driver);
  }

  @Test
  void aDriverThatAsksIsReadOnTheThreadOfItsBus() {
    FakeDriver button = new FakeDriver();
    addSilent("button", button);
    await(() -> button.reads.get() == 1);

    button.wakeup.now();

    await(() -> button.reads.get() == 2);
    assertThat(button.threads).containsOnly("selvedge-bus-gpio");
    assertThat(running.rows).hasSizeGreaterThanOrEqualTo(1);
  }

  @Test
  void whatIsAskedDuringAReadIsReadAfterIt() throws Exception {
    Semaphore inside = new Semaphore(0);
    Semaphore go = new Semaphore(0);
    FakeDriver button =
        new FakeDriver(
            () -> {
              inside.release();
              go.acquire();
              return List.of(Reading.of("temperature", 1.0));
            });
    addSilent("button", button);
    assertThat(inside.tryAcquire(10, TimeUnit.SECONDS)).isTrue();

    button.wakeup.now();
    button.wakeup.now();
    go.release();

    assertThat(inside.tryAcquire(10, TimeUnit.SECONDS)).as("read again").isTrue();
    go.release();
    await(() -> button.reads.get() == 2);
    assertThat(inside.tryAcquire(50, TimeUnit.MILLISECONDS))
        .as("two requests before one read are one")
        .isFalse();
  }

  @Test
  void oneThatAsksAllTheTimeStarvesNobody() {
    FakeDriver greedy = new FakeDriver();
    FakeDriver good = new FakeDriver();
    addSilent("greedy", greedy);
    running.add("good", "gpio", good);
    await(() -> greedy.reads.get() > 0);
    AtomicBoolean enough = new AtomicBoolean();
    Thread flood =
        new Thread(
            () -> {
              while (!enough.get()) {
                greedy.wakeup.now();
              }
            },
            "flood");
    flood.start();

    try {
      int before = good.reads.get();
      await(() -> good.reads.get() > before + 20);
      await(() -> greedy.reads.get() > 20);
    } finally {
      enough.set(true);
    }
  }

  @Test
  void oneThatIsDownAndAsksIsNotTriedAllTheTime() {
    List<Long> tries = new CopyOnWriteArrayList<>();
    FakeDriver broken =
        new FakeDriver(
            () -> {
              tries.add(System.nanoTime());
              throw new DeviceException("it does not answer");
            });
    addSilent("broken", broken);
    running.awaitState("broken", State.DOWN);

    FakeDriver good = new FakeDriver();
    running.add("good", "gpio", good);
    await(
        () -> {
          broken.wakeup.now();
          return tries.size() > 1;
        });
    assertThat(Duration.ofNanos(tries.get(1) - tries.get(0)))
        .as("tried again, but not before a second has passed")
        .isGreaterThan(Duration.ofMillis(900));
    await(() -> good.reads.get() > 5);
  }

  @Test
  void askingForADeviceThatHasGoneDoesNothing() {
    FakeDriver button = new FakeDriver();
    Device device = addSilent("button", button);
    await(() -> button.reads.get() == 1);
    Wakeup kept = button.wakeup;
    assertThat(running.loop.remove(device)).isTrue();

    kept.now();

    FakeDriver good = new FakeDriver();
    running.add("good", "gpio", good);
    await(() -> good.reads.get() > 5);
    assertThat(button.reads).hasValue(1);
  }
}
