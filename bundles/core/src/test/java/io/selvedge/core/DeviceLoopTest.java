package io.selvedge.core;

import static io.selvedge.core.Running.await;
import static io.selvedge.core.Running.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.DeviceStatus.State;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Measurement;
import io.selvedge.api.device.Value;
import io.selvedge.api.event.Event.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeviceLoopTest {

  private final Running running = new Running();

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void readsADeviceAtItsIntervalAndPublishesRows() {
    FakeDriver driver = new FakeDriver();

    running.add("hall", "hall", driver);

    await(() -> running.rows.size() >= 3);
    List<Measurement> row = running.rows.get(0);
    assertThat(row).hasSize(1);
    assertThat(row.get(0).device()).isEqualTo("hall");
    assertThat(row.get(0).value()).isEqualTo(Value.of(21.5));
    assertThat(row.get(0).time()).isEqualTo(Running.NOW);
    assertThat(driver.threads).containsOnly("selvedge-bus-hall");
    assertThat(running.loop.latest("hall")).hasSize(1);
    assertThat(running.status("hall").state()).isEqualTo(State.UP);
    assertThat(running.status("hall").channels()).isEqualTo(driver.channels);
    running.awaitEvents("device.up");
  }

  @Test
  void devicesOfOneBusShareItsThread() {
    FakeDriver a = new FakeDriver();
    FakeDriver b = new FakeDriver();

    running.add("a", "i2c", a);
    running.add("b", "i2c", b);

    await(() -> a.reads.get() > 1 && b.reads.get() > 1);
    assertThat(a.threads).containsOnly("selvedge-bus-i2c");
    assertThat(b.threads).containsOnly("selvedge-bus-i2c");
  }

  @Test
  void reportsOnceThatADeviceWentAndOnceThatItIsBack() {
    FakeDriver driver = new FakeDriver();
    running.add("hall", "hall", driver);
    running.awaitState("hall", State.UP);

    FakeDriver.Read good = driver.read;
    driver.read =
        () -> {
          throw new DeviceException("no answer at address [0x48]");
        };
    await(() -> running.status("hall").failures() >= 3);

    assertThat(running.status("hall").reason()).isEqualTo("no answer at address [0x48]");
    running.awaitEvents("device.up", "device.down");
    assertThat(running.events.all.get(1).severity()).isEqualTo(Severity.WARNING);
    assertThat(running.events.all.get(1).message()).contains("[hall]", "[0x48]");

    driver.read = good;
    running.awaitState("hall", State.UP);

    running.awaitEvents("device.up", "device.down", "device.up");
    assertThat(running.events.all.get(2).message()).contains("is back");
    assertThat(running.status("hall").reason()).isEmpty();
  }

  @Test
  void aCommandRunsOnTheBusWithoutWaitingForTheInterval() throws Exception {
    List<String> written = Collections.synchronizedList(new ArrayList<>());
    FakeDriver driver = new FakeDriver();
    driver.channels = List.of(Channel.flag("fan").writable(), Channel.decimal("level", "%"));
    driver.read = List::of;
    driver.write =
        (channel, value) ->
            written.add(channel + "=" + value + " on " + Thread.currentThread().getName());
    running.loop.add(
        new DeviceSettings("office", "test", "office", Duration.ofHours(1), Duration.ofSeconds(5)),
        driver);
    running.awaitState("office", State.UP);

    assertThat(outcome(running.send("office/fan", Value.of(1L)))).isEqualTo("ok");

    assertThat(written).containsExactly("fan=Flag[value=true] on selvedge-bus-office");
  }

  @Test
  void commandsThatCannotBeAreRefusedWithTheReason() throws Exception {
    FakeDriver driver = new FakeDriver();
    driver.channels = List.of(Channel.flag("fan").writable(), Channel.decimal("level", "%"));
    driver.read = List::of;
    running.add("office", "office", driver);
    running.awaitState("office", State.UP);

    assertThat(outcome(running.send("attic/fan", Value.of(true))))
        .contains("no device [attic]", "[office]");
    assertThat(outcome(running.send("office/lamp", Value.of(true))))
        .contains("no channel [lamp]", "[fan, level]");
    assertThat(outcome(running.send("office/level", Value.of(3.0))))
        .contains("[office/level] is read only", "[fan]");
    assertThat(outcome(running.send("office/fan", Value.of("fast"))))
        .contains("[fast]", "[office/fan]", "FLAG");
  }

  @Test
  void aDeviceThatRefusesACommandStaysUp() throws Exception {
    FakeDriver driver = new FakeDriver();
    driver.channels = List.of(Channel.flag("fan").writable());
    driver.read = List::of;
    driver.write =
        (channel, value) -> {
          throw new DeviceException("register [3] is locked");
        };
    running.add("office", "office", driver);
    running.awaitState("office", State.UP);

    assertThat(outcome(running.send("office/fan", Value.of(true))))
        .contains("[office/fan]", "register [3] is locked");

    running.awaitEvents("device.up");
  }

  @Test
  void aSecondDriverForADeviceWaitsUntilTheFirstGoes() throws Exception {
    FakeDriver first = new FakeDriver();
    FakeDriver second = new FakeDriver();
    Device one = running.add("hall", "hall", first);
    running.awaitState("hall", State.UP);

    running.add("hall", "hall", second);

    running.awaitEvents("device.up", "device.refused");
    assertThat(second.reads).hasValue(0);

    running.loop.remove(one);

    await(() -> second.reads.get() > 0);
    assertThat(first.closed).hasValue(1);
  }

  @Test
  void aRemovedDeviceIsNotCalledAnyMore() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    FakeDriver driver =
        new FakeDriver(
            () -> {
              inside.countDown();
              Thread.sleep(60_000);
              return List.of();
            });
    Device device = running.add("hall", "hall", driver, 60_000);
    inside.await();

    running.loop.remove(device);

    assertThat(driver.reads).as("the call has ended when remove returns").hasValue(1);
    assertThat(driver.closed).hasValue(1);
    assertThat(running.loop.list()).isEmpty();
    assertThat(running.events.codes()).as("removal is no failure").isEmpty();
  }

  @Test
  void aCommandThatMendsADeviceIsSeenAtOnce() throws Exception {
    FakeDriver driver = new FakeDriver();
    driver.channels = List.of(Channel.flag("fan").writable());
    driver.read =
        () -> {
          throw new DeviceException("fuse is out");
        };
    driver.write = (channel, value) -> driver.read = List::of;
    running.loop.add(
        new DeviceSettings("office", "test", "i2c", Duration.ofHours(1), Duration.ofSeconds(5)),
        driver);
    running.awaitState("office", State.DOWN);

    assertThat(outcome(running.send("office/fan", Value.of(true)))).isEqualTo("ok");

    running.awaitState("office", State.UP);
  }

  @Test
  void aDriverThatCannotBeMadeIsNotTriedAgainAndAgain() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    running.loop.add(
        new DeviceSettings("bad", "test", "i2c", Duration.ofMillis(1), Duration.ofSeconds(5)),
        new DriverSource() {
          @Override
          public Driver open() throws DeviceException {
            tries.incrementAndGet();
            throw new DeviceException("speed [-1] must be 0 or more");
          }

          @Override
          public void close() {}
        });
    FakeDriver good = new FakeDriver();
    running.add("good", "i2c", good);

    running.awaitState("bad", State.DOWN);
    await(() -> good.reads.get() > 10);

    assertThat(outcome(running.send("bad/fan", Value.of(true)))).contains("speed [-1]");
    assertThat(tries).hasValue(1);
  }

  /** As when many drivers of one bus are replaced at once, on a machine that is busy. */
  @Test
  void aDeviceThatIsReadIsNotHeldUpByManyThatAreNew() {
    FakeDriver good = new FakeDriver();
    running.add("good", "i2c", good);
    await(() -> good.reads.get() > 2);
    int many = 20;
    int before = good.reads.get();
    for (int i = 0; i < many; i++) {
      running.loop.add(
          new DeviceSettings(
              "new-" + i, "test", "i2c", Duration.ofSeconds(60), Duration.ofSeconds(60)),
          new SlowToMake());
    }
    await(
        () -> {
          for (int i = 0; i < many; i++) {
            if (running.status("new-" + i).state() != State.UP) {
              return false;
            }
          }
          return true;
        });

    assertThat(good.reads.get() - before).as("one between each two").isGreaterThan(many - 5);
  }

  private static final class SlowToMake implements DriverSource {
    @Override
    public Driver open() {
      long end = System.nanoTime() + 20_000_000;
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(1_000_000);
      }
      return new FakeDriver();
    }

    @Override
    public void close() {}
  }
}
