package io.selvedge.bus.pi4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.BusException.Kind;
import io.selvedge.api.bus.BusInfo;
import io.selvedge.api.bus.I2cBus;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** I2C against a fake kernel that reads the messages byte by byte, with pointers of both sizes. */
class LinuxI2cTest {

  @TempDir Path root;

  /** An adapter with one chip at 0x48 that has registers. */
  private static final class Adapter implements FakeKernel.Device, FakeKernel.File {
    final FakeKernel kernel;
    final List<String> seen = new ArrayList<>();
    final byte[] registers = new byte[256];
    int failure;
    long functions = 0x0eff0009L; // as i2c-bcm2835 has
    private int pointer;

    Adapter(FakeKernel kernel) {
      this.kernel = kernel;
    }

    @Override
    public FakeKernel.File open() throws Errno {
      if (failure == Errno.EACCES) {
        throw new Errno(failure);
      }
      return this;
    }

    @Override
    public void ioctl(long request, Block block, long number) throws Errno {
      if (request == 0x0705) { // I2C_FUNCS
        block.bytes.putLong(0, functions);
      } else if (request == 0x0702) { // I2C_TIMEOUT
        seen.add("timeout " + number);
      } else if (request == 0x0707) { // I2C_RDWR
        if (failure != 0) {
          throw new Errno(failure);
        }
        transfer(block.bytes);
      } else {
        throw new Errno(Errno.ENOTTY);
      }
    }

    private long pointer(ByteBuffer bytes, int at) {
      return kernel.pointerSize == 8 ? bytes.getLong(at) : bytes.getInt(at);
    }

    private void transfer(ByteBuffer data) throws Errno {
      int count = data.getInt(kernel.pointerSize);
      int size = kernel.pointerSize == 8 ? 16 : 12; // sizeof(struct i2c_msg)
      ByteBuffer messages = kernel.at(pointer(data, 0), count * size);
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < count; i++) {
        int address = messages.getShort(i * size);
        int flags = messages.getShort(i * size + 2);
        int length = messages.getShort(i * size + 4);
        ByteBuffer bytes = kernel.at(pointer(messages, i * size + 8), length);
        text.append(String.format("%02x %s %d; ", address, flags == 1 ? "read" : "write", length));
        if (address != 0x48) {
          throw new Errno(Errno.EREMOTEIO);
        }
        move(flags, length, bytes);
      }
      seen.add(text.toString().strip());
    }

    private void move(int flags, int length, ByteBuffer bytes) {
      for (int j = 0; j < length; j++) {
        if (flags == 1) {
          bytes.put(j, registers[pointer++ & 0xff]);
        } else if (j == 0) {
          pointer = bytes.get(0) & 0xff;
        } else {
          registers[pointer++ & 0xff] = bytes.get(j);
        }
      }
    }
  }

  private Adapter plug(Machine machine, int number) throws Exception {
    Adapter adapter = new Adapter(machine.kernel);
    machine.i2c(number, adapter);
    return adapter;
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 4})
  void writesAndReadsInOneTransfer(int pointerSize) throws Exception {
    Machine machine = new Machine(root, new FakeKernel(pointerSize));
    Adapter adapter = plug(machine, 1);
    I2cBus bus = machine.buses.i2c("i2c1");

    bus.writeRegister(0x48, 0x01, 0x60, 0xa0);
    assertThat(bus.readRegister(0x48, 0x01, 2)).containsExactly(0x60, 0xa0);
    assertThat(bus.read(0x48, 1)).hasSize(1);
    byte[] large = new byte[200];
    bus.transfer(0x48, new byte[] {0}, large);

    assertThat(adapter.seen)
        .containsExactly(
            "timeout 20",
            "48 write 3;",
            "48 write 1; 48 read 2;",
            "48 read 1;",
            "48 write 1; 48 read 200;");
    assertThat(large[1]).isEqualTo((byte) 0x60);
  }

  @ParameterizedTest
  @ValueSource(strings = {"i2c1", "/soc/i2c@7e804001", "bcm2835 (i2c@7e804001)", "fe804001.i2c"})
  void findsTheBusByEachOfItsNames(String name) throws Exception {
    Machine machine = new Machine(root);
    plug(machine, 0);
    Adapter adapter = plug(machine, 1);

    machine.buses.i2c(name).write(0x48, 5);

    assertThat(adapter.seen).contains("48 write 1;");
    assertThat(machine.buses.list()).extracting(BusInfo::name).containsExactly("i2c0", "i2c1");
  }

  @Test
  void aNumberIsNoNameAndTheNamesThereAreAreTold() throws Exception {
    Machine machine = new Machine(root);
    plug(machine, 1);

    assertThatThrownBy(() -> machine.buses.i2c("i2c-1").read(0x48, 1))
        .isInstanceOfSatisfying(
            BusException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ABSENT))
        .hasMessageContainingAll("[i2c-1]", "[i2c1]");
  }

  @Test
  void whereThereIsNoBusTheRemedyIsTold() {
    Machine machine = new Machine(root);

    assertThatThrownBy(() -> machine.buses.i2c("i2c1").read(0x48, 1))
        .hasMessage(
            "no I2C bus [i2c1]; this machine shows none: switch it on, or load the kernel's module"
                + " for it");
    assertThatThrownBy(() -> machine.buses.gpio("pinctrl-rp1").lines())
        .hasMessageContaining("this machine shows none");
  }

  @ParameterizedTest
  @CsvSource({
    "121, ABSENT",
    "6, ABSENT",
    "110, TIMEOUT",
    "11, BUSY",
    "16, BUSY",
    "74, CRC",
    "5, IO",
    "95, IO"
  })
  void tellsFaultsApart(int errno, Kind kind) throws Exception {
    Machine machine = new Machine(root);
    Adapter adapter = plug(machine, 1);
    I2cBus bus = machine.buses.i2c("i2c1");
    adapter.failure = errno;

    assertThatThrownBy(() -> bus.read(0x48, 1))
        .isInstanceOfSatisfying(BusException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContainingAll("[0x48]", "[i2c1]");

    adapter.failure = 0;
    assertThat(bus.read(0x48, 1)).hasSize(1);
  }

  @Test
  void namesTheGroupThatWouldCure() throws Exception {
    Machine machine = new Machine(root);
    plug(machine, 1).failure = Errno.EACCES;

    assertThatThrownBy(() -> machine.buses.i2c("i2c1").read(0x48, 1))
        .isInstanceOfSatisfying(BusException.class, e -> assertThat(e.group()).contains("i2c"))
        .hasMessageContainingAll("/dev/i2c-1", "[i2c]");
  }

  @Test
  void letsGoOfAnAdapterThatIsPulledAndServesItAgainUnderAnotherNumber() throws Exception {
    Machine machine = new Machine(root);
    Adapter adapter = plug(machine, 1);
    String name = "bcm2835 (i2c@7e804001)";
    I2cBus bus = machine.buses.i2c(name);
    bus.write(0x48, 5);
    assertThat(machine.kernel.openFiles()).isEqualTo(1);

    machine.remove("/dev/i2c-1");
    machine.remove("/sys/bus/i2c/devices/i2c-1");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (machine.kernel.openFiles() > 0) {
      assertThat(System.nanoTime()).as("it is let go within a tenth of a second").isLessThan(end);
      try {
        bus.write(0x48, 5);
      } catch (BusException e) {
        assertThat(e.kind()).isEqualTo(Kind.ABSENT);
      }
    }
    adapter.seen.clear();
    assertThat(machine.kernel.openFiles()).as("or it could not go away").isZero();

    machine.link("/sys/bus/i2c/devices/i2c-9", "/sys/devices/platform/soc/fe804001.i2c/i2c-1");
    machine.file("/dev/i2c-9", "");
    machine.kernel.devices.put("/dev/i2c-9", adapter);
    bus.write(0x48, 6);
    assertThat(adapter.seen).contains("48 write 1;");
  }

  @Test
  void anAdapterThatKnowsRegistersAloneSaysSo() throws Exception {
    Machine machine = new Machine(root);
    plug(machine, 1).functions = 0x00ff0000L;

    assertThatThrownBy(() -> machine.buses.i2c("i2c1").read(0x48, 1))
        .hasMessageContaining("cannot do this");
    assertThat(machine.kernel.openFiles()).isZero();
  }

  @Test
  void refusesAddressesAndSizesThatCannotBe() {
    I2cBus bus = new Machine(root).buses.i2c("i2c1");

    assertThatThrownBy(() -> bus.read(0x80, 1)).hasMessageContaining("[0x80]");
    assertThatThrownBy(() -> bus.read(0x48, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> bus.read(0x48, 8193)).hasMessageContaining("[8193]");
  }
}
