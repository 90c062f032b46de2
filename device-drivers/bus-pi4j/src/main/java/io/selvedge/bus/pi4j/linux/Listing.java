package io.selvedge.bus.pi4j.linux;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.BusInfo.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds buses in what the kernel shows, and their names that stay. */
final class Listing {

  static final String GROUP_I2C = "i2c";
  static final String GROUP_SPI = "spi";
  static final String GROUP_GPIO = "gpio";
  static final String GROUP_SERIAL = "dialout";

  private final Tree tree;

  Listing(Tree tree) {
    this.tree = tree;
  }

  Tree tree() {
    return tree;
  }

  List<Found> i2c() {
    List<Found> found = new ArrayList<>();
    for (Path adapter : tree.entries("/sys/bus/i2c/devices", Pattern.compile("i2c-\\d+"))) {
      int number = Tree.number(adapter);
      Path device = tree.path("/dev/i2c-" + number);
      Optional<String> node = tree.deviceTreePath(adapter);
      List<Optional<String>> names = new ArrayList<>();
      node.ifPresent(path -> tree.aliases(path).forEach(alias -> names.add(Optional.of(alias))));
      names.add(node);
      names.add(tree.text(adapter.resolve("name")));
      names.add(parent(adapter));
      add(found, Kind.I2C, names, number, device, tree.problem(device, GROUP_I2C));
    }
    return found;
  }

  List<Found> spi() {
    List<Found> found = new ArrayList<>();
    for (Path controller : tree.entries("/sys/class/spi_master", Pattern.compile("spi\\d+"))) {
      int number = Tree.number(controller);
      List<Path> nodes = tree.entries("/dev", Pattern.compile("spidev" + number + "\\.\\d+"));
      Optional<String> node =
          tree.deviceTreePath(controller).or(() -> tree.deviceTreePath(device(controller)));
      List<Optional<String>> names = new ArrayList<>();
      node.ifPresent(path -> tree.aliases(path).forEach(alias -> names.add(Optional.of(alias))));
      names.add(node);
      names.add(parent(controller));
      Path device = tree.path("/dev/spidev" + number);
      Optional<String> problem =
          nodes.isEmpty()
              ? Optional.of("it has no spidev device; its chips have drivers in the kernel")
              : nodes.stream().flatMap(one -> tree.problem(one, GROUP_SPI).stream()).findFirst();
      add(found, Kind.SPI, names, number, device, problem);
    }
    return found;
  }

  List<Found> pwm() {
    List<Found> found = new ArrayList<>();
    for (Path chip : tree.entries("/sys/class/pwm", Pattern.compile("pwmchip\\d+"))) {
      Optional<String> node = tree.deviceTreePath(device(chip));
      List<Optional<String>> names = new ArrayList<>();
      node.ifPresent(path -> tree.aliases(path).forEach(alias -> names.add(Optional.of(alias))));
      names.add(node);
      names.add(parent(chip));
      Optional<String> problem = tree.problem(chip.resolve("export"), GROUP_GPIO);
      add(found, Kind.PWM, names, Tree.number(chip), chip, problem);
    }
    return found;
  }

  List<Found> oneWire() {
    List<Path> masters = tree.entries("/sys/bus/w1/devices", Pattern.compile("w1_bus_master\\d+"));
    List<Found> found = new ArrayList<>();
    for (Path master : masters) {
      List<Optional<String>> names = new ArrayList<>();
      if (masters.size() == 1) {
        names.add(Optional.of("w1"));
      }
      names.add(parent(master));
      add(found, Kind.ONE_WIRE, names, Tree.number(master), master, Optional.empty());
    }
    return found;
  }

  List<Found> serial() {
    List<Found> found = new ArrayList<>();
    Stream.concat(
            tree.entries("/dev/serial/by-id", Pattern.compile(".+")).stream(),
            tree.entries("/dev", Pattern.compile("serial\\d+")).stream())
        .forEach(
            port ->
                add(
                    found,
                    Kind.SERIAL,
                    List.of(Optional.of(tree.name(port))),
                    Tree.number(port),
                    port,
                    tree.problem(port, GROUP_SERIAL)));
    return found;
  }

  /** The one with this name, or a message that names those that there are. */
  static Found require(List<Found> all, String what, String name) throws BusException {
    return find(all, name)
        .orElseThrow(
            () ->
                new BusException(
                    BusException.Kind.ABSENT,
                    "no "
                        + what
                        + " ["
                        + name
                        + "]; "
                        + others(all.stream().map(one -> one.names().get(0)).toList())));
  }

  /** What there is in place of what was asked for, and the remedy. */
  static String others(List<String> names) {
    return names.isEmpty()
        ? "this machine shows none: switch it on, or load the kernel's module for it"
        : "there are " + names;
  }

  /** The one with this name, the best names first: two may share a lesser one. */
  static Optional<Found> find(List<Found> all, String name) {
    return all.stream()
        .filter(one -> one.names().get(0).equals(name))
        .findFirst()
        .or(() -> all.stream().filter(one -> one.names().contains(name)).findFirst());
  }

  private static void add(
      List<Found> found,
      Kind kind,
      List<Optional<String>> names,
      int number,
      Path device,
      Optional<String> problem) {
    List<String> stable = Found.names(names);
    if (!stable.isEmpty()) {
      found.add(new Found(kind, stable, number, device, problem));
    }
  }

  private Path device(Path entry) {
    return entry.resolve("device");
  }

  /** The name of the device that a bus belongs to: {@code fe804000.i2c}. */
  private Optional<String> parent(Path entry) {
    return tree.real(device(entry))
        .or(() -> tree.real(entry).map(Path::getParent))
        .map(Tree::fileName)
        .filter(name -> !name.equals("devices"));
  }
}
