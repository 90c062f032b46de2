package io.selvedge.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Counts starts while a deployment has not proved itself: the file {@code data/deployment/unproven}
 * is there then, with the number of starts so far. It is counted here, because a bundle that ends
 * the process at once leaves no time for anybody else; see docs/deployment.md.
 *
 * <p>A start that ends because somebody asked for it, by a signal, is taken out again: it says
 * nothing about the deployment. One that ends because code of a bundle ends the process is not. Nor
 * is the eleventh in a row of which none lasted: what asks may be a watchdog that finds the gateway
 * sick. The second number in the file, where there is one, tells how many were taken out.
 *
 * <p>After three that did not last the deployment bundle takes the deployment back. What it has put
 * into {@code conf/} is taken back here already, because that counts before any bundle runs.
 */
final class Unproven {

  private static final int MOST_STARTS = 3;

  /** So many asked-for ends in a row may be a watchdog's: from then on they count. */
  static final int MOST_ASKED = 10;

  private static final String ABSENT = ".absent";
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private final Path images;
  private final Path conf;
  private boolean counted;

  Unproven(Path data, Path conf) {
    file = data.resolve("deployment/unproven");
    images = data.resolve("deployment/configuration");
    this.conf = conf;
  }

  /** Adds this start, where one is to be counted. */
  void count() throws IOException {
    if (Files.notExists(file)) {
      return;
    }
    Count count = read();
    int starts = count.starts + 1;
    write(new Count(starts, count.asked));
    counted = true;
    if (starts > MOST_STARTS && Files.isDirectory(images)) {
      restore();
    }
  }

  /** This start ends because somebody asked for it. */
  void takeBack() throws IOException {
    if (counted && Files.exists(file)) {
      Count count = read();
      if (count.starts > 0 && count.asked < MOST_ASKED) { // no start: it has lasted, or begun anew
        write(new Count(count.starts - 1, count.asked + 1));
      }
    }
    counted = false;
  }

  private void write(Count count) throws IOException {
    String text = count.starts + (count.asked > 0 ? " " + count.asked : "") + "\n";
    replace(file, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Files are as they were before a deployment named them: docs/deployment.md, "Files". */
  private void restore() throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(images, 2)) {
      all = walk.filter(Files::isRegularFile).toList();
    }
    for (Path image : all) {
      String name = String.valueOf(image.getFileName());
      if (name.endsWith(ABSENT)) {
        Files.deleteIfExists(conf.resolve(name.substring(0, name.length() - ABSENT.length())));
      } else if (!name.startsWith(".")) {
        replace(conf.resolve(name), Files.readAllBytes(image));
      }
    }
  }

  /** What is replaced may hold passwords: it keeps its rights, a new file is the owner's alone. */
  private static void replace(Path target, byte[] content) throws IOException {
    Path beside = target.resolveSibling("." + target.getFileName() + ".new");
    Files.deleteIfExists(beside);
    Files.createFile(beside, PosixFilePermissions.asFileAttribute(OWNER));
    if (Files.exists(target)) {
      Files.setPosixFilePermissions(beside, Files.getPosixFilePermissions(target));
    }
    try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
      for (ByteBuffer bytes = ByteBuffer.wrap(content); bytes.hasRemaining(); ) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** A file that the disk has damaged counts as none. */
  private Count read() throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    if (!text.matches("[0-9]{1,6}( [0-9]{1,6})?")) {
      return new Count(0, 0);
    }
    String[] numbers = text.split(" ", -1);
    return new Count(
        Integer.parseInt(numbers[0]), numbers.length > 1 ? Integer.parseInt(numbers[1]) : 0);
  }

  /**
   * @param starts that did not last
   * @param asked starts that were taken out again since one lasted
   */
  private record Count(int starts, int asked) {}
}
