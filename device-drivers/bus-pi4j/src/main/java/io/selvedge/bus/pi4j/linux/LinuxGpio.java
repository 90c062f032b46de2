package io.selvedge.bus.pi4j.linux;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.BusException.Kind;
import io.selvedge.api.bus.BusInfo;
import io.selvedge.api.bus.GpioBus;
import io.selvedge.api.bus.GpioInput;
import io.selvedge.api.bus.GpioLine;
import io.selvedge.api.bus.GpioOutput;
import io.selvedge.api.bus.InputOptions;
import io.selvedge.api.bus.OutputOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A GPIO chip by its label. It is looked for whenever a line is taken: its number may change. */
final class LinuxGpio implements GpioBus {

  static final Pattern CHIP = Pattern.compile("gpiochip\\d+");

  private final String label;
  private final Kernel kernel;
  private final Tree tree;
  private final Poller poller;
  private final Clock clock;

  LinuxGpio(String label, Kernel kernel, Tree tree, Poller poller, Clock clock) {
    this.label = label;
    this.kernel = kernel;
    this.tree = tree;
    this.poller = poller;
    this.clock = clock;
  }

  /** Chips that this user may open, and those that it may not. One that fails hides no other. */
  static List<Found> list(Kernel kernel, Tree tree) {
    List<Found> found = new ArrayList<>();
    for (Path device : tree.entries("/dev", CHIP)) {
      Optional<String> problem = tree.problem(device, Listing.GROUP_GPIO);
      String name = tree.name(device);
      if (problem.isEmpty()) {
        try {
          int fd = kernel.open(name, Abi.O_RDWR | Abi.O_CLOEXEC);
          try {
            name = label(kernel, fd);
          } finally {
            kernel.close(fd);
          }
        } catch (Errno e) {
          problem = Optional.of("[" + name + "] cannot be opened: " + e.getMessage());
        }
      }
      found.add(new Found(BusInfo.Kind.GPIO, List.of(name), Tree.number(device), device, problem));
    }
    return found;
  }

  private static String label(Kernel kernel, int fd) throws Errno {
    Block info = kernel.allocate(Abi.CHIPINFO_SIZE);
    kernel.ioctl(fd, Abi.GPIO_GET_CHIPINFO, info);
    return info.text(Abi.CHIPINFO_LABEL, 32);
  }

  @Override
  public String name() {
    return label;
  }

  @Override
  public List<GpioLine> lines() throws BusException {
    int fd = openChip();
    try {
      Block chip = kernel.allocate(Abi.CHIPINFO_SIZE);
      kernel.ioctl(fd, Abi.GPIO_GET_CHIPINFO, chip);
      List<GpioLine> lines = new ArrayList<>();
      for (int i = 0; i < chip.bytes.getInt(Abi.CHIPINFO_LINES); i++) {
        lines.add(line(fd, i));
      }
      return lines;
    } catch (Errno e) {
      throw e.as("GPIO chip [" + label + "]");
    } finally {
      kernel.close(fd);
    }
  }

  private GpioLine line(int chip, int offset) throws Errno {
    Block info = kernel.allocate(Abi.LINEINFO_SIZE);
    info.bytes.putInt(Abi.LINEINFO_OFFSET, offset);
    kernel.ioctl(chip, Abi.GPIO_V2_GET_LINEINFO, info);
    boolean used = (info.bytes.getLong(Abi.LINEINFO_FLAGS) & Abi.FLAG_USED) != 0;
    String user = info.text(Abi.LINEINFO_CONSUMER, 32);
    return new GpioLine(offset, info.text(0, 32), used && user.isEmpty() ? "the kernel" : user);
  }

  @Override
  public GpioInput input(int line, InputOptions options) {
    return new LinuxInput(new LineTaker(this, line), options, kernel, poller, clock);
  }

  @Override
  public GpioOutput output(int line, OutputOptions options) {
    return new LinuxOutput(new LineTaker(this, line), options, kernel);
  }

  Kernel kernel() {
    return kernel;
  }

  /** Who holds a line, for a message; empty where nobody says. */
  String userOf(int chip, int offset) {
    try {
      return line(chip, offset).user();
    } catch (Errno e) {
      return "";
    }
  }

  /**
   * Opens the chip.
   *
   * @return its descriptor, to be closed
   */
  int openChip() throws BusException {
    List<String> others = new ArrayList<>();
    @Nullable Path denied = null;
    for (Path device : tree.entries("/dev", CHIP)) {
      try {
        int fd = kernel.open(tree.name(device), Abi.O_RDWR | Abi.O_CLOEXEC);
        String found = labelOrClose(fd);
        if (found.equals(label)) {
          return fd;
        }
        kernel.close(fd);
        others.add(found);
      } catch (Errno e) {
        denied = e.isDenied() ? device : denied;
      }
    }
    if (denied != null) { // it may be the one that was asked for
      throw BusException.noPermission(
          tree.name(denied), tree.groupOf(denied).orElse(Listing.GROUP_GPIO));
    }
    throw new BusException(
        Kind.ABSENT, "no GPIO chip with the label [" + label + "]; " + Listing.others(others));
  }

  private String labelOrClose(int fd) throws Errno {
    try {
      return label(kernel, fd);
    } catch (Errno e) {
      kernel.close(fd);
      throw e;
    }
  }
}
