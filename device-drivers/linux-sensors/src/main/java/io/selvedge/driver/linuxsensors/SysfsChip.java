package io.selvedge.driver.linuxsensors;

import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Value;
import io.selvedge.api.device.Value.Reason;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A chip that a kernel driver shows as a folder of files, for example {@code
 * /sys/class/hwmon/hwmon3}. The folder's number changes from start to start, so the chip is found
 * by its name, and among several of one name by where it is plugged in.
 */
final class SysfsChip {

  private final Path all;
  private final String name;
  private final String at;

  /**
   * @param all the folder of all chips
   * @param name what the chip's file {@code name} says
   * @param at end of the path of its device, for example {@code 1-0048}; empty: any
   */
  SysfsChip(Path all, String name, String at) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("chip [] must be the name of a chip; " + others(all));
    }
    this.all = all;
    this.name = name.strip();
    this.at = at.strip();
  }

  /** The chip's folder. It is looked for each time: a cable may have been pulled. */
  Path folder() throws DeviceException {
    List<Path> found = new ArrayList<>();
    for (Path chip : list(all)) {
      if (text(chip.resolve("name")).equals(Optional.of(name)) && device(chip).endsWith(at)) {
        found.add(chip);
      }
    }
    if (found.size() == 1) {
      return found.get(0);
    }
    if (found.isEmpty()) {
      throw new DeviceException(
          "no chip ["
              + name
              + "]"
              + (at.isEmpty() ? "" : " at [" + at + "]")
              + " in ["
              + all
              + "]; "
              + others(all));
    }
    throw new DeviceException(
        "chip ["
            + name
            + "] is there more than once; set [at] to the end of one of "
            + found.stream().map(SysfsChip::device).toList());
  }

  /** Names of the files of a folder, in order. */
  static List<String> files(Path folder) {
    return list(folder).stream().map(file -> file.getFileName().toString()).sorted().toList();
  }

  /** A file's text without blanks around it; empty where there is no such file. */
  static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A file's number in a unit, or why there is none. */
  static Value value(Path file, double offset, double scale, double perUnit) {
    try {
      String text = Files.readString(file).strip();
      try {
        double number = (Double.parseDouble(text) + offset) * scale / perUnit;
        return Double.isFinite(number) ? Value.of(number) : damaged(file, text);
      } catch (NumberFormatException e) {
        return damaged(file, text);
      }
    } catch (NoSuchFileException e) {
      return Value.missing(Reason.ABSENT, "[" + file + "] is not there");
    } catch (IOException e) {
      // A sensor that sleeps or was unplugged answers its file with an error.
      return Value.missing(Reason.NO_ANSWER, "[" + file + "] cannot be read: " + e.getMessage());
    }
  }

  private static Value damaged(Path file, String text) {
    return Value.missing(Reason.DAMAGED, "[" + text + "] in [" + file + "] is no number");
  }

  /** What there is in place of what was asked for, and the remedy. */
  private static String others(Path all) {
    List<String> names =
        list(all).stream()
            .flatMap(chip -> text(chip.resolve("name")).stream())
            .distinct()
            .sorted()
            .toList();
    return names.isEmpty()
        ? "this machine shows none: plug it in, or load its kernel driver"
        : "there are " + names;
  }

  private static List<Path> list(Path folder) {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      List<Path> entries = new ArrayList<>();
      stream.forEach(entries::add);
      return entries;
    } catch (IOException e) {
      return List.of(); // this kernel has none of these chips
    }
  }

  private static String device(Path chip) {
    try {
      return chip.resolve("device").toRealPath().toString();
    } catch (IOException e) {
      return ""; // a chip without a device, such as the kernel's own
    }
  }
}
