package io.selvedge.bus.pi4j.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** A machine as the kernel shows it in files, with a fake kernel behind the device files. */
final class Machine {

  final Path root;
  final FakeKernel kernel;
  final LinuxBuses buses;

  Machine(Path root) {
    this(root, new FakeKernel());
  }

  Machine(Path root, FakeKernel kernel) {
    this.root = root;
    this.kernel = kernel;
    this.buses = new LinuxBuses(() -> kernel, root, Clock.systemUTC());
  }

  /** Writes a file, with its folders. */
  Path file(String path, String text) throws IOException {
    Path file = root.resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return file;
  }

  void link(String path, String target) throws IOException {
    Path link = root.resolve(path.substring(1));
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, root.resolve(target.substring(1)));
  }

  void folder(String path) throws IOException {
    Files.createDirectories(root.resolve(path.substring(1)));
  }

  void remove(String path) throws IOException {
    Files.delete(root.resolve(path.substring(1)));
  }

  FakeChip gpio(int number, String label) throws IOException {
    file("/dev/gpiochip" + number, "");
    FakeChip chip = new FakeChip(kernel, label, 54);
    kernel.devices.put("/dev/gpiochip" + number, chip);
    return chip;
  }

  /** An I2C adapter as on a Raspberry Pi, with its place in the device tree. */
  void i2c(int number, FakeKernel.Device device) throws IOException {
    String node = "/soc/i2c@7e80400" + number;
    String real = "/sys/devices/platform/soc/fe80400" + number + ".i2c/i2c-" + number;
    folder("/sys/firmware/devicetree/base" + node);
    file(real + "/name", "bcm2835 (i2c@7e80400" + number + ")\n");
    link(real + "/of_node", "/sys/firmware/devicetree/base" + node);
    link("/sys/bus/i2c/devices/i2c-" + number, real);
    file("/proc/device-tree/aliases/i2c" + number, node + "\0");
    file("/dev/i2c-" + number, "");
    kernel.devices.put("/dev/i2c-" + number, device);
  }
}
