package io.selvedge.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.BusInfo;
import io.selvedge.api.bus.Edge;
import io.selvedge.api.bus.GpioInput;
import io.selvedge.api.bus.GpioOutput;
import io.selvedge.api.bus.InputOptions;
import io.selvedge.api.bus.InputOptions.Edges;
import io.selvedge.api.bus.InputOptions.Pull;
import io.selvedge.api.bus.OutputOptions;
import io.selvedge.api.bus.OutputOptions.Drive;
import io.selvedge.api.bus.OutputOptions.Initial;
import io.selvedge.api.bus.SerialLink;
import io.selvedge.api.bus.SerialOptions;
import io.selvedge.api.bus.SpiMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The fakes behave as the interfaces promise, so that what passes with them holds on hardware. */
class FakeBusesTest {

  private final FakeBuses buses = new FakeBuses();
  private final FakeGpioBus gpio = buses.gpio("pinctrl-rp1");

  @Test
  void aChipOfWordsKeepsThemApart() throws BusException {
    FakeI2cBus bus = buses.i2c("i2c1").putWord(0x40, 5, 0xc194).putWord(0x40, 6, 0x0054);

    assertThat(bus.readRegister(0x40, 5, 2)).containsExactly(0xc1, 0x94);
    assertThat(bus.readRegister(0x40, 6, 2)).containsExactly(0x00, 0x54);

    bus.writeRegister(0x40, 5, 0x12, 0x34);
    assertThat(bus.word(0x40, 5)).isEqualTo(0x1234);
    assertThat(bus.word(0x40, 6)).isEqualTo(0x0054);
  }

  @Test
  void oneNameIsOneBus() {
    assertThat(buses.i2c("i2c1")).isSameAs(buses.i2c("i2c1")).isNotSameAs(buses.i2c("i2c2"));
    assertThat(buses.list())
        .extracting(BusInfo::name)
        .containsExactlyInAnyOrder("i2c1", "i2c2", "pinctrl-rp1");
  }

  @Test
  void stampsEdgesWithTheTimeAtWhichTheyCame() throws BusException {
    GpioInput input = gpio.input(17, InputOptions.bothEdges());
    assertThat(input.drain()).isEmpty();

    buses.advance(Duration.ofMillis(5));
    gpio.pulse(17, Duration.ofNanos(580_000));

    List<Edge> edges = input.drain();
    assertThat(edges).extracting(Edge::rising).containsExactly(true, false);
    assertThat(edges).extracting(Edge::sequence).containsExactly(1L, 2L);
    assertThat(edges.get(1).nanos() - edges.get(0).nanos()).isEqualTo(580_000);
    assertThat(edges.get(0).time()).isEqualTo("2026-01-01T00:00:00.005Z");
    assertThat(input.drain()).as("they come once").isEmpty();
  }

  @Test
  void aBouncingContactIsOneEdgeOnceItHasSettled() throws BusException {
    GpioInput button =
        gpio.input(4, new InputOptions(Pull.UP, Edges.BOTH, Duration.ofMillis(50), true));
    assertThat(button.read()).as("the pull-up holds it high, which is off").isFalse();

    for (int i = 0; i < 7; i++) {
      gpio.drive(4, i % 2 == 1);
      buses.advance(Duration.ofMillis(2));
    }
    assertThat(button.drain()).as("not settled yet").isEmpty();
    buses.advance(Duration.ofMillis(60));

    assertThat(button.drain()).extracting(Edge::rising).containsExactly(true);
    assertThat(button.read()).isTrue();
    gpio.release(4);
    buses.advance(Duration.ofMillis(60));
    assertThat(button.drain()).extracting(Edge::rising).containsExactly(false);
  }

  @Test
  void tellsThatEdgesWaitAndShowsLostOnesAsAGap() throws BusException {
    AtomicInteger told = new AtomicInteger();
    GpioInput counter = gpio.input(5, new InputOptions(Pull.AS_IS, Edges.RISING, Duration.ZERO));
    counter.onEdge(told::incrementAndGet);
    assertThat(counter.drain()).isEmpty();

    for (int i = 0; i < GpioInput.MOST_EDGES + 10; i++) {
      gpio.pulse(5, Duration.ofNanos(1000));
    }

    List<Edge> edges = counter.drain();
    assertThat(told).hasValue(GpioInput.MOST_EDGES + 10);
    assertThat(edges).hasSize(GpioInput.MOST_EDGES);
    assertThat(edges.get(0).sequence()).as("ten were lost").isEqualTo(11);
  }

  @Test
  void aLineHasOneHolder() throws BusException {
    GpioInput first = gpio.input(6, InputOptions.level());
    assertThat(first.read()).isFalse();
    GpioOutput second = gpio.output(6, OutputOptions.plain());

    assertThatThrownBy(() -> second.set(true))
        .isInstanceOfSatisfying(
            BusException.class, e -> assertThat(e.kind()).isEqualTo(BusException.Kind.BUSY));

    first.close();
    second.set(true);
    assertThat(gpio.isHigh(6)).isTrue();
  }

  @Test
  void anOutputThatIsReplacedKeepsWhatItWas() throws BusException {
    GpioOutput relay = gpio.output(7, new OutputOptions(Initial.OFF, true, Drive.PUSH_PULL));
    List<Boolean> seen = new ArrayList<>();
    gpio.onOutput(7, seen::add);
    relay.set(true);
    relay.close();

    GpioOutput next = gpio.output(7, new OutputOptions(Initial.KEEP, true, Drive.PUSH_PULL));

    assertThat(next.read()).isTrue();
    assertThat(seen)
        .as("off is high, then on is low, and it stays")
        .containsExactly(true, false, false);
  }

  @Test
  void aChipThatIsAwayFailsAndServesAgain() throws BusException {
    GpioInput input = gpio.input(8, InputOptions.bothEdges());
    gpio.fail(BusException.Kind.ABSENT);
    assertThatThrownBy(input::read).isInstanceOf(BusException.class);

    gpio.mend();
    assertThat(input.read()).isFalse();
  }

  @Test
  void saysWhichGroupWouldCure() {
    gpio.fail(BusException.Kind.NO_PERMISSION);

    assertThatThrownBy(gpio::lines)
        .isInstanceOfSatisfying(BusException.class, e -> assertThat(e.group()).contains("fake"))
        .hasMessageContaining("[fake]");
  }

  @Test
  void spiGoesBothWaysAtOnce() throws BusException {
    FakeSpiBus spi = buses.spi("spi0").chip(0, sent -> new byte[] {0, (byte) (sent[1] >> 4), 0x2a});

    byte[] read = new byte[3];
    spi.transfer(0, SpiMode.MODE_0, 1_000_000, new byte[] {1, (byte) 0x80, 0}, read);
    assertThat(read).containsExactly(0, 0xf8, 0x2a);
    assertThat(spi.writeThenRead(0, SpiMode.MODE_3, 500_000, new byte[] {0, 0x10}, 1))
        .containsExactly(0x2a);
    assertThat(spi.transfers())
        .containsExactly("0 MODE_0 1000000 Hz [01, 80, 00]", "0 MODE_3 500000 Hz [00, 10, 00]");
    assertThatThrownBy(() -> spi.transfer(0, SpiMode.MODE_0, 1, new byte[2], new byte[3]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void pwmRunsWithinItsPeriod() throws BusException {
    FakePwmBus pwm = buses.pwm("pwm0");
    pwm.set(1, 20_000_000, 1_500_000);
    assertThat(pwm.channel(1)).isEqualTo("1500000/20000000");

    pwm.off(1);
    assertThat(pwm.channel(1)).isEqualTo("off");
    assertThatThrownBy(() -> pwm.set(1, 10, 11)).hasMessageContaining("[11]");
    assertThatThrownBy(() -> pwm.set(16, 10, 5)).hasMessageContaining("[16]");
  }

  @Test
  void oneWireTellsAbsentFromDamaged() throws BusException {
    String id = "28-0000000a1b2c";
    FakeOneWireBus wire = buses.oneWire("w1").put(id, 0x91, 0x01);
    assertThat(wire.list()).containsExactly(id);
    assertThat(wire.read(id)).hasSize(9).startsWith(0x91, 0x01);

    wire.damage(id, true);
    assertThatThrownBy(() -> wire.read(id))
        .isInstanceOfSatisfying(
            BusException.class, e -> assertThat(e.kind()).isEqualTo(BusException.Kind.CRC));
    wire.remove(id);
    assertThatThrownBy(() -> wire.read(id)).hasMessageContaining(id);
  }

  @Test
  void aSerialPortHasAnotherEnd() throws Exception {
    FakeSerialBus port = buses.serial("/dev/serial0").peer(sent -> new byte[] {7});
    SerialLink link = port.open(SerialOptions.of(9600));
    AtomicInteger told = new AtomicInteger();
    link.onBytes(told::incrementAndGet);

    port.receive("$GP");
    byte[] buffer = new byte[16];
    assertThat(link.read(buffer, Duration.ZERO)).isEqualTo(3);
    link.write(new byte[] {1, 2});
    assertThat(link.read(buffer, Duration.ofSeconds(1))).isEqualTo(1);

    assertThat(port.sent()).containsExactly(1, 2);
    assertThat(port.options()).contains(SerialOptions.of(9600));
    assertThat(told).hasValue(2);
    assertThat(link.read(buffer, Duration.ofSeconds(9))).as("a time-out does not wait").isZero();
  }
}
