package io.selvedge.bus.pi4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.BusException.Kind;
import io.selvedge.api.bus.BusInfo;
import io.selvedge.api.bus.Edge;
import io.selvedge.api.bus.GpioInput;
import io.selvedge.api.bus.GpioLine;
import io.selvedge.api.bus.GpioOutput;
import io.selvedge.api.bus.InputOptions;
import io.selvedge.api.bus.InputOptions.Edges;
import io.selvedge.api.bus.InputOptions.Pull;
import io.selvedge.api.bus.OutputOptions;
import io.selvedge.api.bus.OutputOptions.Drive;
import io.selvedge.api.bus.OutputOptions.Initial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GPIO against a fake kernel that reads the structures byte by byte. */
class LinuxGpioTest {

  private static final String RP1 = "pinctrl-rp1";

  @TempDir Path root;
  private Machine machine;
  private FakeChip chip;
  private final List<AutoCloseable> toClose = new ArrayList<>();

  @BeforeEach
  void plug() throws Exception {
    machine = new Machine(root);
    machine.gpio(0, "gpio-brcmstb@107d508500");
    chip = machine.gpio(4, RP1);
  }

  @AfterEach
  void giveBack() throws Exception {
    for (AutoCloseable one : toClose) {
      one.close();
    }
    assertThat(machine.kernel.openFiles()).as("descriptors left").isZero();
    assertThat(machine.kernel.strayCloses).as("descriptors closed twice").hasValue(0);
    assertThat(chip.taken).as("lines left").containsOnlyNulls();
  }

  private GpioInput input(int line, InputOptions options) {
    GpioInput input = machine.buses.gpio(RP1).input(line, options);
    toClose.add(input);
    return input;
  }

  /** One that is taken and wakes a bus. */
  private GpioInput waking(FakeBusThread bus, int line) throws BusException {
    GpioInput input = input(line, InputOptions.bothEdges());
    input.wakes(bus);
    assertThat(input.drain()).isEmpty();
    return input;
  }

  private void unplug() throws IOException {
    chip.unplug();
    machine.kernel.devices.remove("/dev/gpiochip4");
    Files.delete(root.resolve("dev/gpiochip4"));
  }

  private GpioOutput output(int line, OutputOptions options) {
    GpioOutput output = machine.buses.gpio(RP1).output(line, options);
    toClose.add(output);
    return output;
  }

  private static List<Edge> await(GpioInput input, int count) throws BusException {
    List<Edge> edges = new ArrayList<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (edges.size() < count) {
      assertThat(System.nanoTime()).as("edges: %s", edges).isLessThan(end);
      edges.addAll(input.drain());
      Thread.onSpinWait();
    }
    return edges;
  }

  @Test
  void findsTheChipByItsLabelWhateverItsNumber() throws Exception {
    assertThat(machine.buses.list())
        .extracting(BusInfo::kind, BusInfo::name)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(BusInfo.Kind.GPIO, "gpio-brcmstb@107d508500"),
            org.assertj.core.groups.Tuple.tuple(BusInfo.Kind.GPIO, RP1));
    chip.high[17] = true;

    assertThat(input(17, InputOptions.level()).read()).isTrue();
    assertThat(chip.requests).containsExactly("line 17 flags 0x4 buffer 0 consumer selvedge");
  }

  @Test
  void asksTheKernelForPullDebounceAndEdges() throws Exception {
    GpioInput button = input(5, new InputOptions(Pull.UP, Edges.BOTH, Duration.ofMillis(50), true));
    assertThat(button.read()).as("low is on").isTrue();
    input(6, new InputOptions(Pull.DOWN, Edges.RISING, Duration.ZERO)).drain();
    input(7, new InputOptions(Pull.NONE, Edges.FALLING, Duration.ZERO)).drain();

    assertThat(chip.requests)
        .containsExactly(
            "line 5 flags 0x136 debounce 50000 buffer 1024 consumer selvedge",
            "line 6 flags 0x214 buffer 1024 consumer selvedge",
            "line 7 flags 0x424 buffer 1024 consumer selvedge");
  }

  @Test
  void edgesCarryTheKernelsTimeAndNumber() throws Exception {
    GpioInput input = input(9, InputOptions.bothEdges());
    Semaphore told = new Semaphore(0);
    input.onEdge(told::release);
    assertThat(input.drain()).isEmpty();
    long start = System.nanoTime();
    Instant now = Instant.now();

    chip.drive(9, true, start);
    chip.drive(9, false, start + 580_000);

    List<Edge> edges = await(input, 2);
    assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    assertThat(edges).extracting(Edge::rising).containsExactly(true, false);
    assertThat(edges).extracting(Edge::sequence).containsExactly(1L, 2L);
    assertThat(edges.get(1).nanos() - edges.get(0).nanos()).isEqualTo(580_000);
    assertThat(Duration.between(now, edges.get(0).time()).abs()).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void nothingWakesItWhileNothingHappens() throws Exception {
    input(9, InputOptions.bothEdges()).drain();
    chip.drive(9, true, 1);
    await(input(9, InputOptions.level()), 0);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
    long quiet = System.nanoTime();
    int polls = machine.kernel.polls.get();
    while (System.nanoTime() < end) {
      if (machine.kernel.polls.get() != polls) {
        polls = machine.kernel.polls.get();
        quiet = System.nanoTime();
      }
      Thread.onSpinWait();
    }
    assertThat(Duration.ofNanos(end - quiet)).as("asleep").isGreaterThan(Duration.ofMillis(100));
  }

  @Test
  void theThreadOfABusWaitsForItsEdgesItself() throws Exception {
    FakeBusThread bus = new FakeBusThread();
    GpioInput first = waking(bus, 9);
    GpioInput second = waking(bus, 11);
    assertThat(bus.waiting()).isNotNull();

    chip.drive(9, true, 1);
    bus.awaitOnce();
    chip.drive(11, true, 2);
    bus.awaitOnce();

    assertThat(bus.asked).hasValue(2);
    assertThat(first.drain()).extracting(Edge::rising).containsExactly(true);
    assertThat(second.drain()).extracting(Edge::rising).containsExactly(true);
    first.close();
    assertThat(bus.waiting()).as("the other line is there").isNotNull();
    second.close();
    assertThat(bus.waiting()).isNull();
  }

  @Test
  void aDriverThatLooksForEdgesItselfSeesThemWhileItIsCalled() throws Exception {
    FakeBusThread bus = new FakeBusThread();
    GpioInput echo = waking(bus, 9);

    chip.drive(9, true, 1);
    chip.drive(9, false, 2);

    assertThat(await(echo, 2)).extracting(Edge::sequence).containsExactly(1L, 2L);
  }

  @Test
  void aBusWhoseChipIsUnpluggedIsAskedOnceAndWaitsOn() throws Exception {
    FakeBusThread bus = new FakeBusThread();
    GpioInput input = waking(bus, 9);

    unplug();
    bus.awaitOnce();

    assertThat(bus.asked).hasValue(1);
    long begun = System.nanoTime();
    bus.awaitFor(TimeUnit.MILLISECONDS.toNanos(1)); // was told to look at what has changed
    bus.awaitFor(TimeUnit.MILLISECONDS.toNanos(50));
    assertThat(System.nanoTime() - begun).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(40));
    assertAbsent(input::drain);
    assertThat(bus.waiting()).isNull();
    chip = machine.gpio(7, RP1);
    assertThat(input.drain()).isEmpty();
    assertThat(bus.waiting()).isNotNull();
  }

  @Test
  void allLinesOfAnUnpluggedChipGiveBackWhatTheyShareOnce() throws Exception {
    FakeBusThread bus = new FakeBusThread();
    GpioInput first = waking(bus, 9);
    GpioInput second = waking(bus, 11);

    unplug();
    while (bus.asked.get() < 2) {
      bus.awaitOnce();
    }
    assertAbsent(first::drain);
    chip = machine.gpio(7, RP1);
    assertThat(first.drain()).isEmpty();
    assertThat(second.drain()).isEmpty();

    chip.drive(11, true, 1);
    bus.awaitOnce();
    assertThat(second.drain()).hasSize(1);
  }

  @Test
  void aLineThatIsToWakeAnotherBusWakesThatOne() throws Exception {
    FakeBusThread before = new FakeBusThread();
    GpioInput input = waking(before, 9);

    FakeBusThread after = new FakeBusThread();
    input.wakes(after);

    assertThat(before.waiting()).as("taken back").isNull();
    chip.drive(9, true, 1);
    after.awaitOnce();
    assertThat(input.drain()).hasSize(1);
    assertThat(before.asked).hasValue(0);
  }

  @Test
  void aLineThatIsToTellADriverItselfDoesSoFromThenOn() throws Exception {
    FakeBusThread bus = new FakeBusThread();
    GpioInput input = waking(bus, 9);

    Semaphore told = new Semaphore(0);
    input.onEdge(told::release);

    assertThat(bus.waiting()).isNull();
    chip.drive(9, true, 1);
    assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    assertThat(await(input, 1)).hasSize(1);
  }

  @Test
  void aRuntimeThatWaitsByItsOwnMeansIsToldByThePollThread() throws Exception {
    Semaphore told = new Semaphore(0);
    GpioInput input = input(9, InputOptions.bothEdges());
    input.wakes(told::release);
    input.drain();

    chip.drive(9, true, 1);

    assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    assertThat(await(input, 1)).hasSize(1);
  }

  @Test
  void keepsTheNewestEdgesAndShowsTheGap() throws Exception {
    GpioInput input = input(9, new InputOptions(Pull.AS_IS, Edges.RISING, Duration.ZERO));
    Semaphore told = new Semaphore(0);
    input.onEdge(told::release);
    input.drain();
    int count = GpioInput.MOST_EDGES + 100;
    for (int i = 0; i < count; i++) {
      chip.drive(9, true, i);
    }
    chip.drive(9, false, count); // not asked for

    List<Edge> edges = new ArrayList<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (edges.isEmpty() || edges.get(edges.size() - 1).sequence() < count) {
      assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      assertThat(System.nanoTime()).isLessThan(end);
      edges.addAll(input.drain());
    }
    assertThat(edges.get(edges.size() - 1).sequence()).isEqualTo(count);
  }

  @Test
  void aLineInUseNamesItsUser() throws Exception {
    GpioOutput first = output(3, OutputOptions.plain());
    first.set(true);

    assertThatThrownBy(() -> input(3, InputOptions.level()).read())
        .isInstanceOfSatisfying(BusException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BUSY))
        .hasMessageContainingAll("line [3]", RP1, "[selvedge]");
    assertThat(machine.buses.gpio(RP1).lines().get(3))
        .isEqualTo(new GpioLine(3, "GPIO3", "selvedge"));
    first.close();
    assertThat(input(3, InputOptions.level()).read()).isTrue();
  }

  @Test
  void anOutputStartsAsItWasOrAsItIsTold() throws Exception {
    chip.high[2] = true;
    assertThat(output(2, OutputOptions.plain()).read()).as("kept").isTrue();
    GpioOutput relay = output(8, new OutputOptions(Initial.OFF, true, Drive.OPEN_DRAIN));
    relay.set(false);
    assertThat(chip.high[8]).as("active low: off is high").isTrue();
    relay.set(true);
    assertThat(chip.high[8]).isFalse();

    assertThat(chip.requests)
        .containsExactly(
            "line 2 flags 0x0 buffer 0 consumer selvedge",
            "line 2 becomes 0x8 value 1",
            "line 8 flags 0x4a value 0 buffer 0 consumer selvedge");
  }

  @Test
  void aRelayThatIsActiveLowIsKeptToo() throws Exception {
    chip.high[8] = false;

    assertThat(output(8, new OutputOptions(Initial.KEEP, true, Drive.PUSH_PULL)).read()).isTrue();
    assertThat(chip.high[8]).as("it did not click").isFalse();
  }

  @Test
  void edgesAreCountedOnWhereTheKernelsNumberIsFull() throws Exception {
    GpioInput input = input(9, InputOptions.bothEdges());
    input.drain();
    chip.counted(9, -2); // 0xfffffffe

    chip.drive(9, true, 1);
    chip.drive(9, false, 2);
    chip.drive(9, true, 3);

    assertThat(await(input, 3))
        .extracting(Edge::sequence)
        .containsExactly(0xffff_ffffL, 0x1_0000_0000L, 0x1_0000_0001L);
  }

  @Test
  void aChipThatIsUnpluggedIsAbsentAndServesAgainByItself() throws Exception {
    GpioInput input = input(9, InputOptions.bothEdges());
    GpioOutput output = output(10, OutputOptions.plain());
    Semaphore told = new Semaphore(0);
    input.onEdge(told::release);
    input.drain();
    output.set(true);
    chip.drive(9, true, 1);
    assertThat(await(input, 1)).hasSize(1);
    told.drainPermits();

    unplug();

    assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).as("the driver is told").isTrue();
    assertAbsent(input::read);
    assertAbsent(input::drain);
    assertAbsent(() -> output.set(false));

    chip = machine.gpio(7, RP1); // back, with another number
    assertThat(input.drain()).isEmpty();
    chip.drive(9, true, 2);
    assertThat(await(input, 1)).extracting(Edge::sequence).containsExactly(2L);
    output.set(true);
    assertThat(chip.high[10]).isTrue();
  }

  private static void assertAbsent(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BusException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ABSENT))
        .hasMessageContaining(RP1);
  }

  @Test
  void aChipThatMayNotBeOpenedHidesNoOther() throws Exception {
    machine.file("/dev/gpiochip1", "");
    machine.kernel.devices.put(
        "/dev/gpiochip1",
        () -> {
          throw new Errno(Errno.EACCES);
        });

    assertThat(input(17, InputOptions.level()).read()).isFalse();
    assertThatThrownBy(() -> machine.buses.gpio("other").lines())
        .as("it may be the one that was asked for")
        .isInstanceOfSatisfying(
            BusException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.NO_PERMISSION);
              assertThat(e.group()).contains("gpio");
            })
        .hasMessageContaining("/dev/gpiochip1");
  }

  @Test
  void anUnknownLabelNamesThoseThatThereAre() {
    assertThatThrownBy(() -> machine.buses.gpio("pinctrl-bcm2835").lines())
        .isInstanceOfSatisfying(
            BusException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ABSENT))
        .hasMessageContainingAll("[pinctrl-bcm2835]", RP1);
  }

  @Test
  void aLineThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> input(99, InputOptions.level()).read())
        .hasMessageContainingAll("line [99]", "EINVAL");
  }

  @Test
  void leavesNoThreadWhenNothingIsWatched() throws Exception {
    GpioInput input = input(9, InputOptions.bothEdges());
    input.drain();
    assertThat(threads()).isEqualTo(1);
    input.close();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (threads() > 0) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void fortyTimesTakenAndGivenBackLeavesNothing() throws Exception {
    for (int i = 0; i < 40; i++) {
      GpioInput input = machine.buses.gpio(RP1).input(9, InputOptions.bothEdges());
      input.drain();
      chip.drive(9, i % 2 == 0, i);
      assertThat(await(input, 1)).hasSize(1);
      input.close();
    }
    assertThat(chip.requests).hasSize(40);
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("selvedge-bus-events"))
        .count();
  }
}
