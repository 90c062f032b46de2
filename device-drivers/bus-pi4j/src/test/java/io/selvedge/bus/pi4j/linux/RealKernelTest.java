package io.selvedge.bus.pi4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.BusException.Kind;
import io.selvedge.api.bus.BusInfo;
import io.selvedge.api.bus.SerialLink;
import io.selvedge.api.bus.SerialOptions;
import io.selvedge.api.bus.SerialOptions.Parity;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The native layer on this machine's own kernel: a pseudo terminal is a serial port. */
@EnabledOnOs(OS.LINUX)
class RealKernelTest {

  private static final long TIOCSPTLCK = 0x40045431L;
  private static final long TIOCGPTN = 0x80045430L;

  private final JnaKernel kernel = new JnaKernel();
  private final LinuxBuses buses = new LinuxBuses(() -> kernel, Path.of("/"), Clock.systemUTC());
  private int master;
  private String port = "";

  @BeforeEach
  void openTerminal() throws Errno {
    master = kernel.open("/dev/ptmx", Abi.O_RDWR | Abi.O_CLOEXEC | Abi.O_NOCTTY);
    Block number = kernel.allocate(Integer.BYTES);
    kernel.ioctl(master, TIOCSPTLCK, number);
    kernel.ioctl(master, TIOCGPTN, number);
    port = "/dev/pts/" + number.bytes.getInt(0);
  }

  @AfterEach
  void closeTerminal() {
    kernel.close(master);
  }

  private void send(String text) throws Errno {
    Block block = kernel.allocate(text.length());
    for (int i = 0; i < text.length(); i++) {
      block.bytes.put(i, (byte) text.charAt(i));
    }
    assertThat(kernel.write(master, block, text.length())).isEqualTo(text.length());
  }

  @Test
  void bytesGoBothWaysRaw() throws Exception {
    SerialLink link = buses.serial(port).open(SerialOptions.of(9600));
    Semaphore told = new Semaphore(0);
    link.onBytes(told::release);
    assertThat(link.read(new byte[1], Duration.ZERO)).isZero();

    send("$GPGGA\r\n\3\4");
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[64];
    while (text.length() < 10) {
      int count = link.read(buffer, Duration.ofSeconds(20));
      assertThat(count).isPositive();
      text.append(new String(buffer, 0, count, java.nio.charset.StandardCharsets.US_ASCII));
    }
    link.write(new byte[] {1, '\n', 2});
    Block got = kernel.allocate(16);
    int count = kernel.read(master, got, 16);

    assertThat(text).hasToString("$GPGGA\r\n\3\4");
    assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    assertThat(count).as("nothing is added to an end of line").isEqualTo(3);
    assertThat(got.bytes.get(1)).isEqualTo((byte) '\n');
    link.close();
  }

  @Test
  void setsAnyRateAndFormat() throws Exception {
    SerialLink link = buses.serial(port).open(new SerialOptions(12_345, 7, Parity.EVEN, 2));
    assertThat(link.read(new byte[1], Duration.ZERO)).isZero();
    Block termios = kernel.allocate(Abi.TERMIOS2_SIZE);
    kernel.ioctl(master, Abi.TCGETS2, termios);

    assertThat(termios.bytes.getInt(Abi.TERMIOS2_OSPEED)).isEqualTo(12_345);
    assertThat(termios.bytes.getInt(Abi.TERMIOS2_LFLAG)).as("raw").isZero();
    assertThat(termios.bytes.getInt(Abi.TERMIOS2_CFLAG) & Abi.CSTOPB).isNotZero();
    link.close();
  }

  @Test
  void aPortThatIsPulledIsAbsentAtOnceAlsoForWhoWaits() throws Exception {
    SerialLink link = buses.serial(port).open(SerialOptions.of(9600));
    assertThat(link.read(new byte[1], Duration.ZERO)).isZero();
    Thread puller =
        new Thread(
            () -> {
              kernel.close(master);
            },
            "puller");
    puller.start();

    assertThatThrownBy(
            () -> {
              int unused = link.read(new byte[1], Duration.ofSeconds(20));
            })
        .isInstanceOfSatisfying(
            BusException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ABSENT))
        .hasMessageContaining(port);
    puller.join();
    link.close();
  }

  @Test
  void anInterruptEndsWaitingForBytes() throws Exception {
    SerialLink link = buses.serial(port).open(SerialOptions.of(9600));
    Thread.currentThread().interrupt();

    assertThatThrownBy(
            () -> {
              int unused = link.read(new byte[1], Duration.ofSeconds(20));
            })
        .isInstanceOf(InterruptedException.class);
    link.close();
  }

  @Test
  void aPortThatIsNotThereIsAbsent() {
    SerialLink link = buses.serial("/dev/serial/by-id/none").open(SerialOptions.of(9600));

    assertThatThrownBy(() -> link.write(new byte[1]))
        .isInstanceOfSatisfying(
            BusException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ABSENT))
        .hasMessageContaining("[/dev/serial/by-id/none]");
    assertThatThrownBy(() -> buses.serial("COM1")).hasMessageContaining("[COM1]");
  }

  @Test
  void tellsTheKernelsFaultsByTheirNumbers() throws Exception {
    assertThatThrownBy(() -> kernel.open("/dev/none", Abi.O_RDWR))
        .isInstanceOfSatisfying(Errno.class, e -> assertThat(e.number).isEqualTo(Errno.ENOENT));
    int zero = kernel.open("/dev/null", Abi.O_RDWR | Abi.O_CLOEXEC);
    assertThatThrownBy(() -> kernel.ioctl(zero, Abi.GPIO_V2_GET_LINE, kernel.allocate(592)))
        .isInstanceOfSatisfying(Errno.class, e -> assertThat(e.number).isEqualTo(Errno.ENOTTY));
    kernel.close(zero);
  }

  @Test
  void listsWhatThisMachineHasWithoutFailing() {
    for (BusInfo bus : buses.list()) {
      assertThat(bus.name()).isNotEmpty();
    }
    assertThatThrownBy(() -> buses.gpio("no-such-chip").lines()).isInstanceOf(BusException.class);
  }
}
