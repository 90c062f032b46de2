package io.selvedge.core;

import static io.selvedge.core.Running.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.DeviceStatus.State;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Devices come and go, are written to, hang, fail and recover, all at once and in no order. What
 * must hold whatever happens: a driver is never in two calls at once, every command ends, one
 * device holds at most one abandoned thread, and when all is over no thread is left.
 */
class ChaosTest {

  private static final int IDS = 9;
  private static final Duration TIME = Duration.ofSeconds(3);

  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger overlaps = new AtomicInteger();
  private final Map<String, AtomicInteger> insideById = new ConcurrentHashMap<>();
  private final List<CompletableFuture<Void>> commands = new ArrayList<>();

  @Test
  void holdsItsPromisesWhateverHappens() throws Exception {
    Running running = new Running();
    List<Thread> operators = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int number = i;
      Thread operator = new Thread(() -> operate(running, number), "chaos-" + i);
      operator.start();
      operators.add(operator);
    }
    for (Thread operator : operators) {
      operator.join(30_000);
      assertThat(operator.isAlive()).as("an operator hangs: " + where(operator)).isFalse();
    }

    assertThat(overlaps).as("two calls at once into one device").hasValue(0);
    assertThat(Running.threads().size())
        .as("one abandoned thread a device, one thread a bus, one for deadlines")
        .isLessThanOrEqualTo(IDS + 3 + 1);
    release.countDown();
    await(() -> running.loop.list().stream().noneMatch(d -> d.state() == State.STARTING));
    running.close();
    assertThat(commands).isNotEmpty().allMatch(CompletableFuture::isDone);
  }

  /** Each operator has devices of its own, on buses that all share. */
  private void operate(Running running, int number) {
    SplittableRandom random = new SplittableRandom(number + 1);
    Map<String, Device> mine = new HashMap<>();
    long end = System.nanoTime() + TIME.toNanos();
    while (System.nanoTime() < end) {
      int one = random.nextInt(IDS / 3) * 3 + number;
      String id = "d" + one;
      Device device = mine.remove(id);
      if (device != null && random.nextInt(4) == 0) {
        running.loop.remove(device);
      } else {
        mine.put(
            id,
            device != null
                ? device
                : running.add(id, "bus" + one % 2, driver(id, random.split()), 30));
        CompletableFuture<Void> command =
            running.send(id + "/fan", Value.of(random.nextBoolean())).toCompletableFuture();
        synchronized (commands) {
          commands.add(command);
        }
      }
      LockSupport.parkNanos(random.nextInt(5_000_000));
    }
  }

  private FakeDriver driver(String id, SplittableRandom random) {
    AtomicInteger inside = insideById.computeIfAbsent(id, key -> new AtomicInteger());
    FakeDriver driver = new FakeDriver();
    driver.channels = List.of(Channel.flag("fan").writable());
    driver.read =
        () -> {
          enter(inside);
          try {
            behave(random.nextInt(40));
            return List.of(Reading.of("fan", true));
          } finally {
            inside.decrementAndGet();
          }
        };
    driver.write =
        (channel, value) -> {
          enter(inside);
          try {
            behave(random.nextInt(40));
          } finally {
            inside.decrementAndGet();
          }
        };
    return driver;
  }

  private void enter(AtomicInteger inside) {
    if (inside.incrementAndGet() > 1) {
      overlaps.incrementAndGet();
    }
  }

  private void behave(int how) throws DeviceException, InterruptedException {
    switch (how) {
      case 0 -> throw new DeviceException("no answer");
      case 1 -> throw new IllegalStateException("fault");
      case 2 -> throw new StackOverflowError();
      case 3 -> Thread.sleep(60_000);
      case 4 -> hang(50);
      case 5 -> hang(600);
      case 6 -> Thread.currentThread().interrupt();
      default -> LockSupport.parkNanos(100_000);
    }
  }

  /** Ignores interrupts; only the test's end or its time ends it. */
  private void hang(long millis) {
    long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    while (System.nanoTime() < end && release.getCount() > 0) {
      LockSupport.parkNanos(1_000_000);
      Thread.interrupted();
    }
  }

  private static String where(Thread thread) {
    return List.of(thread.getStackTrace()).toString();
  }
}
