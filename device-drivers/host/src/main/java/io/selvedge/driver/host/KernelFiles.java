package io.selvedge.driver.host;

import io.selvedge.api.device.Value.Reason;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** The files in which Linux tells about itself, {@code /proc} and {@code /sys}. */
final class KernelFiles {

  /** So that thermal_zone10 comes after thermal_zone9. */
  private static final Comparator<Path> BY_NUMBER =
      Comparator.comparing((Path path) -> path.toString().length())
          .thenComparing(Comparator.naturalOrder());

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private final Path root;

  /**
   * @param root {@code /}, or the root of a recorded tree
   */
  KernelFiles(Path root) {
    this.root = root;
  }

  Path path(String file) {
    return root.resolve(file);
  }

  boolean exists(String file) {
    return Files.exists(path(file));
  }

  /** A file's text without blanks around it. */
  String text(String file) throws Unavailable {
    return text(path(file));
  }

  String text(Path file) throws Unavailable {
    try {
      return Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      throw new Unavailable(Reason.ABSENT, "[" + shown(file) + "] is not there");
    } catch (IOException e) {
      // A sensor that sleeps or was unplugged answers its file with an error.
      throw new Unavailable(
          Reason.NO_ANSWER, "[" + shown(file) + "] cannot be read: " + e.getMessage());
    }
  }

  /** The words of the first line that begins with this word, without it. */
  List<String> words(String file, String first) throws Unavailable {
    for (String line : text(file).lines().toList()) {
      List<String> words = List.of(BLANKS.split(line.strip(), -1));
      if (words.get(0).equals(first)) {
        return words.subList(1, words.size());
      }
    }
    throw new Unavailable(Reason.ABSENT, "[" + shown(path(file)) + "] has no line [" + first + "]");
  }

  /** All words of a file. */
  List<String> words(String file) throws Unavailable {
    return List.of(BLANKS.split(text(file), -1));
  }

  /**
   * Entries of a directory that begin so, in order of their numbers; none where it is not there.
   */
  List<Path> entries(String directory, String prefix) throws Unavailable {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(path(directory), prefix + "*")) {
      all.forEach(entries::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw new Unavailable(
          Reason.NO_ANSWER, "[" + shown(path(directory)) + "] cannot be read: " + e.getMessage());
    }
    entries.sort(BY_NUMBER);
    return entries;
  }

  /** A decimal number, or what was there instead. */
  static double decimal(String text, String file) throws Unavailable {
    try {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // falls through to the one message
    }
    throw damaged(text, file);
  }

  /** A count, or what was there instead. */
  static long whole(String text, String file) throws Unavailable {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw damaged(text, file);
    }
  }

  private static Unavailable damaged(String text, String file) {
    return new Unavailable(Reason.DAMAGED, "[" + text + "] in [/" + file + "] is no number");
  }

  /** The path as the machine knows it. */
  String shown(Path file) {
    return "/" + root.relativize(file);
  }
}
