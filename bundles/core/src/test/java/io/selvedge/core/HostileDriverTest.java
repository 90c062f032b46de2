package io.selvedge.core;

import static io.selvedge.core.Running.await;
import static io.selvedge.core.Running.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceStatus.State;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.api.event.Event;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a driver does, its device is down and all others go on. */
class HostileDriverTest {

  private Running running = new Running();
  private final CountDownLatch release = new CountDownLatch(1);
  private final FakeDriver good = new FakeDriver();

  @AfterEach
  void stop() {
    release.countDown();
    running.close();
  }

  /** Waits for the latch, whatever interrupts it: like native code that never looks up. */
  private void hang() {
    boolean released = false;
    while (!released) {
      try {
        release.await();
        released = true;
      } catch (InterruptedException e) {
        // ignored: that is the point
      }
    }
  }

  private FakeDriver hanging() {
    return new FakeDriver(
        () -> {
          hang();
          return List.of(Reading.of("temperature", 1.0));
        });
  }

  @Test
  void aDriverThatIgnoresInterruptsStallsNobodyElseOnItsBus() {
    FakeDriver hung = hanging();
    running.add("hung", "i2c", hung, 50);
    running.add("good", "i2c", good);

    running.awaitState("hung", State.DOWN);
    int before = good.reads.get();
    await(() -> good.reads.get() > before + 5);

    assertThat(running.status("hung").reason()).contains("[50] ms", "ignores interrupts");
    running.awaitOneDown();
    assertThat(Running.threads().stream().filter("selvedge-bus-i2c"::equals))
        .as("the abandoned thread and the one that took over")
        .hasSize(2);
    assertThat(hung.threads).as("it is called no more while its call hangs").hasSize(1);
  }

  @Test
  void aHungDeviceIsBackWhenItsCallReturns() {
    running.add("hung", "i2c", hanging(), 500); // more than a read takes on a busy machine
    running.awaitState("hung", State.DOWN);

    release.countDown();

    running.awaitState("hung", State.UP);
    running.awaitEvents("device.down", "device.up");
    await(() -> Running.threads().stream().filter("selvedge-bus-i2c"::equals).count() == 1);
    assertThat(running.rows).as("what the late call brought is not published").isNotEmpty();
  }

  @Test
  void aHungDeviceThatIsConfiguredAnewWaitsForItsOldCall() throws Exception {
    Device old = running.add("hall", "hall", hanging(), 50);
    running.awaitState("hall", State.DOWN);
    running.loop.remove(old);
    FakeDriver next = new FakeDriver();

    running.add("hall", "hall", next);

    running.awaitState("hall", State.DOWN);
    assertThat(running.status("hall").reason()).contains("has not returned");
    assertThat(next.reads).hasValue(0);

    release.countDown();
    running.awaitState("hall", State.UP);
  }

  @Test
  void aHungCommandEndsWithAReasonAndTheNextIsRefusedAtOnce() throws Exception {
    FakeDriver driver = new FakeDriver();
    driver.channels = List.of(Channel.flag("fan").writable());
    driver.read = List::of;
    driver.write = (channel, value) -> hang();
    running.add("office", "office", driver, 50);
    running.awaitState("office", State.UP);

    CompletionStage<Void> command = running.send("office/fan", Value.of(true));
    CompletionStage<Void> queued = running.send("office/fan", Value.of(false));

    assertThat(outcome(command)).contains("[office/fan]", "[50] ms");
    assertThat(outcome(queued)).as("it would be a second call at once").contains("not returned");
    running.awaitState("office", State.DOWN);
    assertThat(outcome(running.send("office/fan", Value.of(true)))).contains("has not returned");
  }

  /** However late it is given the processor. */
  @Test
  void aLateDriverThatHeedsItsInterruptKeepsItsThread() {
    running.close();
    running = new Running(Duration.ofMinutes(1));
    FakeDriver slow =
        new FakeDriver(
            () -> {
              Thread.sleep(60_000);
              return List.of();
            });
    running.add("slow", "i2c", slow, 20);
    running.add("good", "i2c", good);

    await(() -> running.status("slow").failures() >= 2 && good.reads.get() > 5);

    assertThat(running.status("slow").reason())
        .isEqualTo("no answer within its deadline of [20] ms");
    assertThat(Running.threads().stream().filter("selvedge-bus-i2c"::equals)).hasSize(1);
    running.awaitOneDown();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        StackOverflowError.class,
        NoClassDefFoundError.class,
        OutOfMemoryError.class,
        NullPointerException.class,
        InterruptedException.class
      })
  void whateverItThrowsIsItsDevicesState(Class<? extends Throwable> type) throws Exception {
    Throwable thrown = type.getConstructor(String.class).newInstance("no [x]");
    running.add(
        "bad", "i2c", new FakeDriver(() -> HostileDriverTest.<RuntimeException>raise(thrown)));
    running.add("good", "i2c", good);

    running.awaitState("bad", State.DOWN);
    int before = good.reads.get();
    await(() -> good.reads.get() > before + 2);

    assertThat(running.status("bad").reason())
        .contains("fault of the driver", type.getSimpleName(), "no [x]");
  }

  @Test
  @SuppressWarnings("NullAway") // the contract is broken on purpose
  void returningNullIsAFault() {
    running.add("a", "i2c", new FakeDriver(() -> null));
    running.add("b", "i2c", new FakeDriver(() -> Collections.singletonList(null)));
    FakeDriver noChannels = new FakeDriver();
    noChannels.channels = null;
    running.add("c", "i2c", noChannels);

    for (String id : List.of("a", "b", "c")) {
      running.awaitState(id, State.DOWN);
      assertThat(running.status(id).reason()).contains("fault of the driver");
    }
    assertThat(running.status("a").reason()).contains("returned null");
  }

  @Test
  void channelsThatComeTwiceAreAFault() {
    FakeDriver twice = new FakeDriver();
    twice.channels = List.of(Channel.flag("fan"), Channel.flag("fan"));

    running.add("twice", "twice", twice);

    running.awaitState("twice", State.DOWN);
    assertThat(running.status("twice").reason()).contains("channel [fan] twice");
  }

  @Test
  void aListThatHangsWhenItIsReadIsUnderTheDeadlineToo() {
    List<Reading> trap =
        new AbstractList<>() {
          @Override
          public Reading get(int index) {
            hang();
            return Reading.of("temperature", 1.0);
          }

          @Override
          public int size() {
            return 1;
          }
        };
    running.add("trap", "i2c", new FakeDriver(() -> trap), 50);
    running.add("good", "i2c", good);

    running.awaitState("trap", State.DOWN);
    int before = good.reads.get();
    await(() -> good.reads.get() > before + 2);
  }

  @Test
  void aFloodIsCutAndReportedOnce() {
    List<Reading> flood =
        Collections.nCopies(Rows.MOST_READINGS + 1, Reading.of("temperature", 1.0));
    FakeDriver driver = new FakeDriver();
    driver.read = () -> driver.reads.get() < 2 ? flood : List.of();

    running.add("flood", "flood", driver);

    await(() -> driver.reads.get() > 2);
    assertThat(running.rows).hasSize(2 * Rows.MOST_READINGS);
    running.awaitEvents("device.up", "device.wrong_reading");
    assertThat(running.events.messages()).contains("[100001]");
  }

  @Test
  void whatIsNotDeclaredIsLeftOutAndWhatIsOfAnotherKindIsMissingReportedOnce() {
    FakeDriver driver =
        new FakeDriver(
            () ->
                List.of(
                    Reading.of("pressure", 101.3),
                    Reading.of("temperature", "warm"),
                    Reading.of("humidity", 40L)));
    driver.channels =
        List.of(Channel.decimal("temperature", "Cel"), Channel.decimal("humidity", "%"));

    running.add("odd", "odd", driver);

    await(() -> running.rows.size() >= 3);
    assertThat(running.rows.get(0)).hasSize(2);
    assertThat(running.rows.get(0).get(0).value())
        .isEqualTo(Value.missing(Value.Reason.DAMAGED, "value [warm] is not of kind DECIMAL"));
    assertThat(running.rows.get(0).get(1).value()).isEqualTo(Value.of(40.0));
    assertThat(running.events.all.stream().map(Event::message))
        .filteredOn(message -> message.contains("[pressure]"))
        .hasSize(1);
    assertThat(running.events.all.stream().map(Event::message))
        .filteredOn(message -> message.contains("[temperature]: value [warm]"))
        .hasSize(1);
    assertThat(running.status("odd").state()).isEqualTo(State.UP);
  }

  @Test
  void aDriverThatInterruptsItsOwnThreadEndsNothing() {
    running.add(
        "self",
        "i2c",
        new FakeDriver(
            () -> {
              Thread.currentThread().interrupt();
              return List.of();
            }));
    running.add("good", "i2c", good);

    await(() -> good.reads.get() > 5);
  }

  @Test
  void aFloodOfCommandsIsBoundedAndDoesNotStarveTheReads() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    FakeDriver driver = new FakeDriver();
    driver.channels = List.of(Channel.flag("fan").writable());
    driver.read = List::of;
    driver.write =
        (channel, value) -> {
          first.countDown();
          release.await();
          LockSupport.parkNanos(1_000_000);
        };
    running.add("office", "i2c", driver, 60_000);
    running.add("good", "i2c", good);
    running.awaitState("office", State.UP);

    List<CompletionStage<Void>> commands = new ArrayList<>();
    commands.add(running.send("office/fan", Value.of(true)));
    first.await();
    for (int i = 0; i < 257; i++) {
      commands.add(running.send("office/fan", Value.of(true)));
    }

    assertThat(outcome(commands.get(257))).contains("[256] commands waiting");
    int before = good.reads.get();
    release.countDown();
    assertThat(outcome(commands.get(256))).isEqualTo("ok");
    assertThat(good.reads.get()).as("reads came between the commands").isGreaterThan(before + 10);
  }

  @Test
  void stoppingDoesNotWaitForEverForADriverThatHangs() throws Exception {
    running.add("hung", "hung", hanging(), 60_000);
    await(() -> Running.threads().contains("selvedge-bus-hung"));
    long start = System.nanoTime();

    running.loop.stop();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(running.loop.list()).isEmpty();
  }

  @Test
  void commandsToADeviceThatIsRemovedEnd() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    FakeDriver driver = new FakeDriver();
    driver.channels = List.of(Channel.flag("fan").writable());
    driver.read = List::of;
    driver.write =
        (channel, value) -> {
          inside.countDown();
          release.await();
        };
    Device device = running.add("office", "office", driver, 60_000);
    running.awaitState("office", State.UP);
    CompletionStage<Void> begun = running.send("office/fan", Value.of(true));
    inside.await();
    CompletionStage<Void> waiting = running.send("office/fan", Value.of(false));

    running.loop.remove(device);

    assertThat(outcome(begun)).contains("[office/fan]", "the device was removed");
    assertThat(outcome(waiting)).contains("[office] was removed");
    assertThat(outcome(running.send("office/fan", Value.of(true)))).contains("no device [office]");
  }

  @Test
  void manyHostileDriversAtOnceLeaveTheGoodOneAlone() {
    List<FakeDriver> all =
        Arrays.asList(hanging(), hanging(), hanging(), new FakeDriver(() -> raise(new Error("x"))));
    for (int i = 0; i < all.size(); i++) {
      running.add("bad" + i, "i2c", all.get(i), 20);
    }
    running.add("good", "i2c", good);

    await(() -> running.loop.list().stream().filter(d -> d.state() == State.DOWN).count() == 4);
    int before = good.reads.get();
    await(() -> good.reads.get() > before + 5);

    assertThat(Running.threads().stream().filter("selvedge-bus-i2c"::equals))
        .as("one abandoned thread a hung device, and the one that works")
        .hasSize(4);
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> List<Reading> raise(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
