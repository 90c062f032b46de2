package io.selvedge.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The unpacked distribution: read-only, replaced by an upgrade.
 *
 * @param home its top directory
 */
record Programs(Path home) {

  /**
   * A bundle that comes with the programs.
   *
   * @param startLevel the name of its directory under {@code bundles/}
   * @param jar the file
   */
  record Jar(int startLevel, Path jar) {

    /** Installed by reference: the framework reads the file where it is, and copies nothing. */
    String location() {
      return "reference:" + jar.toUri();
    }
  }

  String version() throws Problem {
    try {
      return Files.readString(home.resolve("VERSION")).strip();
    } catch (IOException e) {
      throw incomplete("VERSION", e);
    }
  }

  Path config() {
    return home.resolve("config");
  }

  Path frameworkProperties() {
    return home.resolve("system/framework.properties");
  }

  /** All bundles, by start level and name. */
  List<Jar> jars() throws Problem {
    List<Jar> jars = new ArrayList<>();
    try (Stream<Path> levels = Files.list(home.resolve("bundles"))) {
      for (Path level : levels.filter(Files::isDirectory).sorted().toList()) {
        int startLevel = Integer.parseInt(level.getFileName().toString());
        try (Stream<Path> files = Files.list(level)) {
          files
              .filter(f -> f.getFileName().toString().endsWith(".jar"))
              .sorted()
              .forEach(f -> jars.add(new Jar(startLevel, f)));
        }
      }
    } catch (IOException | NumberFormatException e) {
      throw incomplete("bundles", e);
    }
    return jars;
  }

  /**
   * Changes whenever the programs do. Sizes and times of files are not enough, because all files of
   * a build bear the same time; the end of a jar holds the check sums of what is in it.
   */
  String fingerprint() throws Problem {
    StringBuilder all = new StringBuilder(home.toString()).append('\n').append(version());
    try {
      for (Jar jar : jars()) {
        all.append('\n').append(home.relativize(jar.jar())).append(' ').append(checkSum(jar.jar()));
      }
    } catch (IOException e) {
      throw incomplete("bundles", e);
    }
    return all.append('\n').toString();
  }

  private static String checkSum(Path jar) throws IOException {
    try (FileChannel channel = FileChannel.open(jar)) {
      ByteBuffer end = ByteBuffer.allocate((int) Math.min(channel.size(), 1 << 17));
      channel.position(channel.size() - end.capacity());
      while (end.hasRemaining() && channel.read(end) > 0) {
        // until the end of the file
      }
      CRC32C sum = new CRC32C();
      sum.update(end.flip());
      return channel.size() + " " + Long.toHexString(sum.getValue());
    }
  }

  private Problem incomplete(String what, Exception e) {
    return Problem.failed(
        "the programs in ["
            + home
            + "] are not complete: ["
            + what
            + "] cannot be read ("
            + e
            + "); unpack the distribution anew");
  }
}
