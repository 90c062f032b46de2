package io.selvedge.bus.pi4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.BusException.Kind;
import io.selvedge.api.bus.BusInfo;
import io.selvedge.api.bus.OneWireBus;
import io.selvedge.api.bus.PwmBus;
import io.selvedge.api.bus.SpiBus;
import io.selvedge.api.bus.SpiMode;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SPI byte by byte; PWM and 1-Wire by the kernel's files. */
class LinuxOthersTest {

  private static final String ID = "28-0000000a1b2c";

  @TempDir Path root;
  private Machine machine;
  private final List<String> spi = new ArrayList<>();

  @BeforeEach
  void make() {
    machine = new Machine(root);
  }

  /** A chip that answers each byte plus one. */
  private void plugSpi() throws Exception {
    machine.folder("/sys/firmware/devicetree/base/soc/spi@7e204000");
    machine.folder("/sys/devices/platform/soc/fe204000.spi/spi_master/spi0");
    machine.link(
        "/sys/devices/platform/soc/fe204000.spi/spi_master/spi0/of_node",
        "/sys/firmware/devicetree/base/soc/spi@7e204000");
    machine.link(
        "/sys/class/spi_master/spi0", "/sys/devices/platform/soc/fe204000.spi/spi_master/spi0");
    machine.file("/proc/device-tree/aliases/spi0", "/soc/spi@7e204000\0");
    machine.file("/dev/spidev0.1", "");
    machine.kernel.devices.put(
        "/dev/spidev0.1",
        () ->
            (request, block, number) -> {
              if (request == 0x40016B01L) { // SPI_IOC_WR_MODE
                spi.add("mode " + block.bytes.get(0));
              } else if (request == 0x40206B00L) { // SPI_IOC_MESSAGE(1)
                transfer(block.bytes);
              } else {
                throw new Errno(Errno.ENOTTY);
              }
            });
  }

  private void transfer(ByteBuffer transfer) {
    int length = transfer.getInt(16);
    ByteBuffer sent = machine.kernel.at(transfer.getLong(0), length);
    ByteBuffer read = machine.kernel.at(transfer.getLong(8), length);
    spi.add(length + " bytes at " + transfer.getInt(20) + " Hz, bits " + transfer.get(26));
    for (int i = 0; i < length; i++) {
      read.put(i, (byte) (sent.get(i) + 1));
    }
  }

  @Test
  void spiGoesBothWaysInItsMode() throws Exception {
    plugSpi();
    SpiBus bus = machine.buses.spi("spi0");
    byte[] read = new byte[3];
    bus.transfer(1, SpiMode.MODE_0, 1_350_000, new byte[] {1, 2, 3}, read);
    assertThat(read).containsExactly(2, 3, 4);
    assertThat(bus.writeThenRead(1, SpiMode.MODE_3, 500_000, new byte[] {9}, 200)).hasSize(200);

    assertThat(spi)
        .containsExactly(
            "mode 0", "3 bytes at 1350000 Hz, bits 8", "mode 3", "201 bytes at 500000 Hz, bits 8");
    assertThat(machine.kernel.openFiles()).as("one a chip select").isEqualTo(1);
    assertThat(machine.buses.list()).extracting(BusInfo::name).containsExactly("spi0");
    assertThatThrownBy(() -> bus.transfer(0, SpiMode.MODE_0, 1, new byte[1], new byte[0]))
        .as("no such chip select")
        .isInstanceOfSatisfying(
            BusException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ABSENT))
        .hasMessageContaining("/dev/spidev0.0");
    assertThatThrownBy(
            () ->
                machine.buses.spi("spi7").transfer(0, SpiMode.MODE_0, 1, new byte[1], new byte[1]))
        .hasMessageContainingAll("[spi7]", "[spi0]");
  }

  @Test
  void pwmIsSetInAnOrderThatTheKernelTakes() throws Exception {
    String chip = "/sys/devices/platform/1f00098000.pwm/pwm/pwmchip2";
    machine.file(chip + "/npwm", "4\n");
    machine.file(chip + "/export", "");
    machine.file(chip + "/unexport", "");
    for (String file : List.of("period", "duty_cycle", "enable")) {
      machine.file(chip + "/pwm1/" + file, "0\n");
    }
    machine.link(chip + "/device", "/sys/devices/platform/1f00098000.pwm");
    machine.link("/sys/class/pwm/pwmchip2", chip);
    PwmBus pwm = machine.buses.pwm("1f00098000.pwm");

    assertThat(pwm.channels()).isEqualTo(4);
    pwm.set(1, 20_000_000, 1_500_000);

    Path channel = root.resolve(chip.substring(1) + "/pwm1");
    assertThat(channel.resolve("period")).hasContent("20000000");
    assertThat(channel.resolve("duty_cycle")).hasContent("1500000");
    assertThat(channel.resolve("enable")).hasContent("1");
    pwm.set(1, 1_000_000, 0);
    assertThat(channel.resolve("period")).hasContent("1000000");
    pwm.off(1);
    assertThat(channel.resolve("enable")).hasContent("0");
    assertThat(root.resolve(chip.substring(1) + "/unexport")).hasContent("1");
    assertThatThrownBy(() -> pwm.set(4, 10, 5)).hasMessageContaining("[4]");
    assertThatThrownBy(() -> pwm.set(1, 10, 11)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> machine.buses.pwm("pwmchip2").channels())
        .isInstanceOfSatisfying(
            BusException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ABSENT));
  }

  private Path thermometer(String text) throws Exception {
    String master = "/sys/devices/platform/onewire@4/w1_bus_master1";
    machine.folder(master);
    if (!Files.exists(root.resolve("sys/bus/w1/devices/w1_bus_master1"))) {
      machine.link("/sys/bus/w1/devices/w1_bus_master1", master);
    }
    return machine.file(master + "/" + ID + "/w1_slave", text);
  }

  @Test
  void oneWireProvesTheCheckSum() throws Exception {
    Path file =
        thermometer(
            "91 01 4b 46 7f ff 0c 10 70 : crc=70 YES\n91 01 4b 46 7f ff 0c 10 70 t=25062\n");
    OneWireBus bus = machine.buses.oneWire("w1");

    assertThat(bus.list()).containsExactly(ID);
    assertThat(bus.read(ID)).startsWith(0x91, 0x01).hasSize(9);
    assertThat(machine.buses.oneWire("onewire@4").read(ID)).hasSize(9);

    Files.writeString(file, "91 01 4b 46 7f ff 0c 10 26 : crc=26 YES\n");
    assertKind(bus, Kind.CRC);
    Files.writeString(file, "91 01 4b 46 7f ff 0c 10 70 : crc=99 NO\n");
    assertKind(bus, Kind.CRC);
    Files.writeString(file, "00 00 00 00 00 00 00 00 00 : crc=00 YES\n");
    assertKind(bus, Kind.IO);
    Files.writeString(file, "");
    assertKind(bus, Kind.ABSENT);
    Files.delete(file);
    assertKind(bus, Kind.ABSENT);
    assertThatThrownBy(() -> bus.read("../../etc")).isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertKind(OneWireBus bus, Kind kind) {
    assertThatThrownBy(() -> bus.read(ID))
        .isInstanceOfSatisfying(BusException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(ID);
  }

  /** The ROM of the data sheet's example: 02 1C B8 01 00 00 00, check sum A2. */
  @Test
  void theCheckSumIsMaxims() {
    byte[] rom = {0x02, 0x1c, (byte) 0xb8, 0x01, 0, 0, 0, (byte) 0xa2};

    assertThat(LinuxOneWire.crc(rom)).isZero();
    rom[1] ^= 1;
    assertThat(LinuxOneWire.crc(rom)).isNotZero();
  }

  @Test
  void aMachineWithoutBusesListsNone() {
    assertThat(machine.buses.list()).isEmpty();
    assertThatThrownBy(() -> machine.buses.oneWire("w1").list())
        .isInstanceOfSatisfying(
            BusException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ABSENT));
  }
}
