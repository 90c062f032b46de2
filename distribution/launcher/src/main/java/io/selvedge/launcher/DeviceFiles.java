package io.selvedge.launcher;

import io.selvedge.launcher.Doctor.Finding;
import io.selvedge.launcher.Doctor.Mark;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Looks whether this user may open the device files of the machine's buses, and says what to do
 * where not. A machine without buses is well.
 */
final class DeviceFiles {

  /** What device files begin with, and the group that may open them where our rules are. */
  private static final Map<String, String> GROUPS =
      new TreeMap<>(
          Map.of(
              "gpiochip", "gpio",
              "i2c-", "i2c",
              "spidev", "spi",
              "ttyAMA", "dialout",
              "ttyUSB", "dialout",
              "ttyACM", "dialout"));

  private final Path root;
  private final Path programs;
  private final Predicate<Path> mayOpen;

  DeviceFiles(Path root, Path programs) {
    this(root, programs, file -> Files.isReadable(file) && Files.isWritable(file));
  }

  /**
   * @param mayOpen whether this user may open a file for both
   */
  DeviceFiles(Path root, Path programs, Predicate<Path> mayOpen) {
    this.root = root;
    this.programs = programs;
    this.mayOpen = mayOpen;
  }

  List<Finding> examine() {
    List<Path> files = files();
    List<Path> closed = files.stream().filter(mayOpen.negate()).toList();
    List<Finding> findings = new ArrayList<>();
    if (closed.isEmpty()) {
      findings.add(new Finding(Mark.OK, "buses", files.isEmpty() ? "none here" : names(files)));
    }
    Map<String, List<Path>> byGroup = new TreeMap<>();
    List<Path> ofRoot = new ArrayList<>();
    for (Path file : closed) {
      Optional<String> group = groupOf(file);
      if (group.isPresent()) {
        byGroup.computeIfAbsent(group.get(), name -> new ArrayList<>()).add(file);
      } else {
        ofRoot.add(file);
      }
    }
    byGroup.forEach((group, ones) -> findings.add(notInGroup(group, ones)));
    if (!ofRoot.isEmpty()) {
      findings.add(noRules(ofRoot));
    }
    if (lacksI2cModule()) {
      findings.add(
          new Finding(
              Mark.WARN,
              "buses",
              "the I2C bus has no device file: sudo cp "
                  + programs.resolve("linux/selvedge-modules.conf")
                  + " /etc/modules-load.d/ && sudo modprobe i2c-dev"));
    }
    return findings;
  }

  private static Finding notInGroup(String group, List<Path> files) {
    return new Finding(
        Mark.WARN,
        "buses",
        names(files)
            + " may be opened by members of the group ["
            + group
            + "]: sudo usermod -aG "
            + group
            + " "
            + System.getProperty("user.name")
            + ", then sign in anew");
  }

  private Finding noRules(List<Path> files) {
    String groups =
        files.stream()
            .map(DeviceFiles::usualGroup)
            .distinct()
            .sorted()
            .collect(Collectors.joining(","));
    return new Finding(
        Mark.WARN,
        "buses",
        names(files)
            + " may be opened by root alone: for group in "
            + groups.replace(',', ' ')
            + "; do sudo groupadd -r -f $group; done; sudo cp "
            + programs.resolve("linux/60-selvedge.rules")
            + " /etc/udev/rules.d/ && sudo udevadm control --reload && sudo udevadm trigger"
            + " && sudo usermod -aG "
            + groups
            + " "
            + System.getProperty("user.name")
            + ", then sign in anew");
  }

  private boolean lacksI2cModule() {
    boolean adapter =
        !list(root.resolve("sys/bus/i2c/devices")).stream()
            .filter(name -> name.getFileName().toString().matches("i2c-\\d+"))
            .toList()
            .isEmpty();
    return adapter && list(root.resolve("dev")).stream().noneMatch(file -> isOf(file, "i2c-"));
  }

  private List<Path> files() {
    return list(root.resolve("dev")).stream()
        .filter(file -> GROUPS.keySet().stream().anyMatch(start -> isOf(file, start)))
        .toList();
  }

  private static boolean isOf(Path file, String start) {
    return file.getFileName().toString().matches(start + "[0-9.]+");
  }

  private static String usualGroup(Path file) {
    return GROUPS.entrySet().stream()
        .filter(entry -> isOf(file, entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("root");
  }

  private static List<Path> list(Path folder) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(found::add);
    } catch (IOException | DirectoryIteratorException e) {
      return List.of(); // no such buses here
    }
    found.sort(null);
    return found;
  }

  /** The group that may open it, where that is one other than root's. */
  private static Optional<String> groupOf(Path file) {
    try {
      PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
      boolean open =
          attributes.permissions().contains(PosixFilePermission.GROUP_READ)
              && attributes.permissions().contains(PosixFilePermission.GROUP_WRITE);
      return Optional.of(attributes.group().getName()).filter(name -> open && !name.equals("root"));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String names(List<Path> files) {
    return files.stream().map(file -> file.getFileName().toString()).toList().toString();
  }
}
