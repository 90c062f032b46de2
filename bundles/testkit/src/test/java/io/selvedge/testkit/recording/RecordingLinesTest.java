package io.selvedge.testkit.recording;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.BusInfo;
import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.Edge;
import io.selvedge.api.bus.GpioInput;
import io.selvedge.api.bus.GpioOutput;
import io.selvedge.api.bus.InputOptions;
import io.selvedge.api.bus.OutputOptions;
import io.selvedge.api.bus.SerialLink;
import io.selvedge.api.bus.SerialOptions;
import io.selvedge.testkit.FakeBuses;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of GPIO, PWM and serial ports, written down from the fakes and played again. */
class RecordingLinesTest {

  private static final String CHIP = "pinctrl-rp1";
  private static final String PORT = "/dev/serial/by-id/usb-gps";
  private static final InputOptions BUTTON =
      new InputOptions(InputOptions.Pull.UP, InputOptions.Edges.BOTH, Duration.ofMillis(5), true);

  private final FakeBuses real = new FakeBuses();
  private final StringBuilder text = new StringBuilder();
  private final Buses recording = new RecordingBuses(real, text);

  private Buses replay() {
    return new ReplayBuses(text.toString().lines().toList());
  }

  @Test
  void playsEdgesWithTheirTimesAndLevelsInTheirOrder() throws Exception {
    GpioInput button = recording.gpio(CHIP).input(17, BUTTON);
    assertThat(button.read()).isFalse();
    real.gpio(CHIP).drive(17, false);
    real.gpio(CHIP).advance(Duration.ofMillis(40));
    real.gpio(CHIP).drive(17, true);
    real.gpio(CHIP).advance(Duration.ofMillis(40));
    List<Edge> edges = button.drain();
    assertThat(button.drain()).isEmpty();
    assertThat(edges).extracting(Edge::rising).containsExactly(true, false);

    GpioInput again = replay().gpio(CHIP).input(17, BUTTON);

    assertThat(again.read()).isFalse();
    assertThat(again.drain()).isEqualTo(edges);
    assertThat(again.drain()).isEmpty();
    assertThat(again.drain()).as("from the first again").isEqualTo(edges);
  }

  @Test
  void asksForAReadAsAChipDoesThatHasEdges() throws Exception {
    recording.gpio(CHIP).input(17, BUTTON).drain();
    AtomicInteger wakeups = new AtomicInteger();

    replay().gpio(CHIP).input(17, BUTTON).onEdge(wakeups::incrementAndGet);

    assertThat(wakeups).hasValue(1);
  }

  @Test
  void findsOutADriverThatTakesALineInAnotherWay() throws Exception {
    recording.gpio(CHIP).input(17, BUTTON).drain();

    assertThatThrownBy(() -> replay().gpio(CHIP).input(17, InputOptions.bothEdges()).drain())
        .isInstanceOf(BusException.class)
        .hasMessageContainingAll("in 17 AS_IS BOTH 0us drain", CHIP);
  }

  @Test
  void playsWhatAnOutputWasSetTo() throws Exception {
    GpioOutput relay = recording.gpio(CHIP).output(4, OutputOptions.plain());
    relay.set(true);
    assertThat(relay.read()).isTrue();
    assertThat(recording.gpio(CHIP).lines()).isNotEmpty();

    Buses replay = replay();
    GpioOutput again = replay.gpio(CHIP).output(4, OutputOptions.plain());

    again.set(true);
    assertThat(again.read()).isTrue();
    assertThat(replay.gpio(CHIP).lines()).hasSameSizeAs(real.gpio(CHIP).lines());
    assertThatThrownBy(() -> again.set(false)).isInstanceOf(BusException.class);
  }

  @Test
  void playsPwmAndItsFailures() throws Exception {
    recording.pwm("pwmchip0").set(0, 20_000_000, 1_500_000);
    recording.pwm("pwmchip0").off(0);
    int channels = recording.pwm("pwmchip0").channels();
    real.pwm("pwmchip0").fail(BusException.Kind.BUSY);
    assertThatThrownBy(() -> recording.pwm("pwmchip0").set(1, 1000, 500))
        .isInstanceOf(BusException.class);

    Buses replay = replay();

    replay.pwm("pwmchip0").set(0, 20_000_000, 1_500_000);
    replay.pwm("pwmchip0").off(0);
    assertThat(replay.pwm("pwmchip0").channels()).isEqualTo(channels);
    assertThatThrownBy(() -> replay.pwm("pwmchip0").set(1, 1000, 500))
        .isInstanceOfSatisfying(
            BusException.class, e -> assertThat(e.kind()).isEqualTo(BusException.Kind.BUSY));
  }

  @Test
  void playsTheBytesOfASerialPortInTheirPieces() throws Exception {
    SerialLink link = recording.serial(PORT).open(SerialOptions.of(9600));
    link.write("$PMTK\r\n".getBytes(US_ASCII));
    real.serial(PORT).receive("$GPRMC,1");
    assertThat(read(link, 64)).isEqualTo("$GPRMC,1");
    assertThat(read(link, 64)).isEmpty();
    real.serial(PORT).receive("23519*00");
    assertThat(read(link, 64)).isEqualTo("23519*00");

    SerialLink again = replay().serial(PORT).open(SerialOptions.of(9600));

    again.write("$PMTK\r\n".getBytes(US_ASCII));
    assertThat(read(again, 5)).isEqualTo("$GPRM");
    assertThat(read(again, 5)).as("the rest of the piece").isEqualTo("C,1");
    assertThat(read(again, 64)).isEmpty();
    assertThat(read(again, 64)).isEqualTo("23519*00");
    SerialLink faster = replay().serial(PORT).open(SerialOptions.of(115_200));
    assertThatThrownBy(() -> read(faster, 5))
        .isInstanceOf(BusException.class)
        .hasMessageContainingAll("115200 8N1 read", PORT);
  }

  private static String read(SerialLink link, int most) throws Exception {
    byte[] buffer = new byte[most];
    int count = link.read(buffer, Duration.ZERO);
    return new String(Arrays.copyOf(buffer, count), US_ASCII);
  }

  @Test
  void endsAReadThatIsInterrupted() {
    SerialLink link = recording.serial(PORT).open(SerialOptions.of(9600));
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> link.read(new byte[9], Duration.ofSeconds(60)))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void listsTheBusesThatAreOnIt() throws Exception {
    recording.gpio(CHIP).lines();
    recording.pwm("pwmchip0").channels();
    read(recording.serial(PORT).open(SerialOptions.of(9600)), 1);

    assertThat(replay().list())
        .extracting(BusInfo::kind, BusInfo::name)
        .containsExactly(
            tuple(BusInfo.Kind.GPIO, CHIP),
            tuple(BusInfo.Kind.PWM, "pwmchip0"),
            tuple(BusInfo.Kind.SERIAL, PORT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rise", "rise,1,today,1", "rise,x,2026-03-01T12:00:00Z,1"})
  void refusesAnEdgeThatIsNone(String edge) throws Exception {
    Buses broken = new ReplayBuses(List.of("gpio\tc\tin 1 AS_IS BOTH 0us drain\t=\t" + edge));

    assertThatThrownBy(() -> broken.gpio("c").input(1, InputOptions.bothEdges()).drain())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[" + edge + "]");
  }
}
