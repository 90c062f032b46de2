package io.selvedge.hardware.chips;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Which drivers are shipped, and which devices there are for them. */
public final class Inventory {

  /** Drivers that have no hardware, or whose far end is a server: tested where they live. */
  private static final List<String> WITHOUT_CHIP =
      List.of(
          "selvedge-driver-simulated",
          "selvedge-driver-replay",
          "selvedge-driver-modbus",
          "selvedge-driver-opcua",
          "selvedge-driver-sdm120",
          "selvedge-driver-text-file");

  private final Map<String, Path> shipped;

  private Inventory(Map<String, Path> shipped) {
    this.shipped = new TreeMap<>(shipped);
  }

  /** Reads what the distribution holds. */
  public static Inventory of(Path source) throws IOException {
    Path bundles = source.resolve("distribution/gateway/target/selvedge-gateway/bundles");
    Map<String, Path> shipped = new TreeMap<>();
    try (Stream<Path> all = Files.walk(bundles, 2)) {
      for (Path jar : all.toList()) {
        String name = String.valueOf(jar.getFileName());
        if (name.startsWith("selvedge-driver-")) {
          shipped.put(name.replaceFirst("-[0-9]+\\..*", ""), jar);
        }
      }
    }
    return new Inventory(shipped);
  }

  /** The jar of a bundle; none where it is not shipped. */
  public List<Path> jars(String bundle) {
    return Stream.ofNullable(shipped.get(bundle)).toList();
  }

  /** The devices whose drivers are shipped. */
  public List<Simulated> devices() {
    return Chips.all().stream()
        .filter(device -> shipped.containsKey(device.bundle()))
        .sorted(Comparator.comparing(Simulated::device))
        .toList();
  }

  /** Shipped drivers that nothing here tests. */
  public List<String> untested() {
    List<String> untested = new ArrayList<>(shipped.keySet());
    untested.removeAll(WITHOUT_CHIP);
    Chips.all().forEach(device -> untested.remove(device.bundle()));
    return untested;
  }
}
