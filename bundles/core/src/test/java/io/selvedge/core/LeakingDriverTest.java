package io.selvedge.core;

import static io.selvedge.core.Running.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.DeviceStatus.State;
import io.selvedge.api.device.Reading;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads that drivers start are seen, and it is said whose they are. */
class LeakingDriverTest {

  private final Running running = new Running();
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void stop() {
    end.countDown();
    running.close();
  }

  private void startThread() {
    startThread("leaked");
  }

  private void startThread(String name) {
    Thread thread =
        new Thread(
            () -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private FakeDriver leaking() {
    return new FakeDriver(
        () -> {
          startThread();
          return List.of(Reading.of("temperature", 1.0));
        });
  }

  @Test
  void aDriverThatStartsAThreadAtEachReadIsNamedOnceAndOthersAreNot() {
    FakeDriver good = new FakeDriver();
    running.add("good", "i2c", good);
    FakeDriver leaking = leaking();
    running.add("leaking", "i2c", leaking);

    await(() -> running.events.codes().contains("device.threads"));
    int before = good.reads.get();
    await(() -> good.reads.get() > before + 5);

    assertThat(running.events.codes()).containsOnlyOnce("device.threads");
    assertThat(running.events.all)
        .filteredOn(event -> event.code().equals("device.threads"))
        .allMatch(event -> event.source().equals("device/leaking"));
    await(() -> running.status("leaking").reason().contains("threads"));
    assertThat(running.status("leaking").state()).isEqualTo(State.UP);
    assertThat(running.status("good").reason()).isEmpty();
  }

  @Test
  void aDriverThatLeavesAThreadBehindIsNamedWhenItGoes() {
    FakeDriver driver = new FakeDriver();
    driver.read =
        () -> {
          if (driver.reads.get() == 0) {
            startThread();
          }
          return List.of(Reading.of("temperature", 1.0));
        };
    Device device = running.add("old", "i2c", driver);
    running.add("other", "i2c", new FakeDriver());
    running.awaitState("old", State.UP);

    assertThat(running.loop.remove(device)).isTrue();

    await(() -> running.events.codes().contains("device.left_threads"));
    assertThat(running.events.all)
        .filteredOn(event -> event.code().equals("device.left_threads"))
        .allMatch(event -> event.message().contains("[leaked]"));
  }

  @Test
  void whatABusStartsForAllIsNoDriversThread() {
    FakeDriver driver =
        new FakeDriver(
            () -> {
              startThread("selvedge-bus-events");
              return List.of(Reading.of("temperature", 1.0));
            });
    Device device = running.add("first", "gpio", driver);
    FakeDriver other = new FakeDriver();
    running.add("other", "gpio", other);
    await(() -> driver.reads.get() > 20);

    assertThat(running.loop.remove(device)).isTrue();

    awaitAfterGrace(other);
    assertThat(running.events.codes()).doesNotContain("device.threads", "device.left_threads");
  }

  @Test
  void aDriverThatEndsItsThreadsIsNotNamed() {
    FakeDriver driver = leaking();
    Device device = running.add("tidy", "i2c", driver);
    await(() -> driver.reads.get() > 2);
    driver.read = List::of;
    int before = driver.reads.get();
    await(() -> driver.reads.get() > before + 1); // by now it starts none
    end.countDown();
    await(() -> Thread.getAllStackTraces().keySet().stream().noneMatch(this::isLeaked));
    FakeDriver other = new FakeDriver();
    running.add("other", "spi", other);

    assertThat(running.loop.remove(device)).isTrue();

    awaitAfterGrace(other);
    assertThat(running.events.codes()).doesNotContain("device.left_threads");
  }

  private boolean isLeaked(Thread thread) {
    return thread.getName().equals("leaked");
  }

  /** Until it would have been named. */
  private static void awaitAfterGrace(FakeDriver other) {
    long start = System.nanoTime();
    await(() -> System.nanoTime() - start > 600_000_000 && other.reads.get() > 5);
  }
}
