package io.selvedge.hardware.chips;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Which drivers are shipped, and which devices there are for them. */
public final class Inventory {

  /** Drivers that have no hardware, or whose far end is a server: tested where they live. */
  private static final List<String> WITHOUT_CHIP =
      List.of(
          "selvedge-driver-simulated",
          "selvedge-driver-replay",
          "selvedge-driver-modbus",
          "selvedge-driver-opcua");

  private final List<String> shipped;

  private Inventory(List<String> shipped) {
    this.shipped = List.copyOf(shipped);
  }

  /** Reads what the distribution holds. */
  public static Inventory of(Path source) throws IOException {
    Path bundles = source.resolve("distribution/gateway/target/selvedge-gateway/bundles");
    TreeSet<String> names = new TreeSet<>();
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(bundles, "*")) {
      for (Path level : jars) {
        try (DirectoryStream<Path> drivers =
            Files.newDirectoryStream(level, "selvedge-driver-*.jar")) {
          for (Path jar : drivers) {
            names.add(String.valueOf(jar.getFileName()).replaceFirst("-[0-9].*", ""));
          }
        }
      }
    }
    return new Inventory(List.copyOf(names));
  }

  /** The devices whose drivers are shipped. */
  public List<Simulated> devices() {
    return Chips.all().stream()
        .filter(device -> shipped.contains(device.bundle()))
        .sorted(Comparator.comparing(Simulated::device))
        .toList();
  }

  /** Shipped drivers that nothing here tests. */
  public List<String> untested() {
    List<String> untested = new ArrayList<>(shipped);
    untested.removeAll(WITHOUT_CHIP);
    Chips.all().forEach(device -> untested.remove(device.bundle()));
    return untested;
  }
}
