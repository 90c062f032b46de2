package io.selvedge.bus.pi4j.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernel shows below {@code /sys}, {@code /proc} and {@code /dev}. Everything here may
 * come and go while it is read: what cannot be read is not there.
 */
final class Tree {

  private final Path root;

  /**
   * @param root the root of the file system; a test's folder in tests
   */
  Tree(Path root) {
    this.root = root;
  }

  Path path(String absolute) {
    return root.resolve(absolute.substring(1));
  }

  /** A file of this tree by the name that programs give it, whatever the root. */
  String name(Path path) {
    return "/" + root.relativize(path);
  }

  /** Entries of a folder whose whole name fits, in order of their numbers, then names. */
  List<Path> entries(String folder, Pattern name) {
    return entries(path(folder), name);
  }

  List<Path> entries(Path folder, Pattern name) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path entry : all) {
        if (name.matcher(fileName(entry)).matches()) {
          found.add(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    found.sort(
        (a, b) ->
            number(a) != number(b)
                ? Integer.compare(number(a), number(b))
                : fileName(a).compareTo(fileName(b)));
    return found;
  }

  /** The number at the end of a name; -1 where there is none. */
  static int number(Path entry) {
    Matcher digits = Pattern.compile("(\\d{1,9})$").matcher(fileName(entry));
    return digits.find() ? Integer.parseInt(digits.group(1)) : -1;
  }

  static String fileName(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  /** Whether there is any GPIO chip. */
  boolean hasGpio() {
    return !entries("/dev", LinuxGpio.CHIP).isEmpty();
  }

  /** A file's text without its end of line or zero. */
  Optional<String> text(Path file) {
    try {
      return Optional.of(
          Files.readString(file, StandardCharsets.ISO_8859_1).replace("\0", "").strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Where a link leads in the end. */
  Optional<Path> real(Path link) {
    try {
      return Optional.of(link.toRealPath());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The path in the device tree of a device of this folder, for example {@code /soc/i2c@7e…}. */
  Optional<String> deviceTreePath(Path device) {
    Optional<Path> base = real(path("/sys/firmware/devicetree/base"));
    return real(device.resolve("of_node"))
        .filter(node -> base.isPresent() && node.startsWith(base.get()))
        .map(node -> "/" + base.orElseThrow().relativize(node));
  }

  /** The aliases that the device tree has for a path of it: {@code i2c1}. */
  List<String> aliases(String deviceTreePath) {
    return entries("/proc/device-tree/aliases", Pattern.compile("[a-z][a-z0-9_-]*")).stream()
        .filter(alias -> text(alias).filter(deviceTreePath::equals).isPresent())
        .map(Tree::fileName)
        .toList();
  }

  /**
   * Why this user may not open a device file, with the remedy.
   *
   * @param group the group that such devices have where the rules for them are installed
   */
  Optional<String> problem(Path device, String group) {
    if (!Files.exists(device)) {
      return Optional.of("[" + name(device) + "] is not there; load the kernel's module for it");
    }
    if (Files.isReadable(device) && Files.isWritable(device)) {
      return Optional.empty();
    }
    return Optional.of(
        "this user may not open ["
            + name(device)
            + "]; add it to the group ["
            + groupOf(device).orElse(group)
            + "]"
            + (groupOf(device).isPresent() ? "" : " after installing the rules for udev")
            + ", then start the gateway anew");
  }

  /** The group that may open a device file, where there is one other than root's. */
  Optional<String> groupOf(Path device) {
    try {
      PosixFileAttributes attributes = Files.readAttributes(device, PosixFileAttributes.class);
      boolean allowed =
          attributes.permissions().contains(PosixFilePermission.GROUP_READ)
              && attributes.permissions().contains(PosixFilePermission.GROUP_WRITE);
      return Optional.of(attributes.group().getName())
          .filter(name -> allowed && !name.equals("root"));
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }
}
