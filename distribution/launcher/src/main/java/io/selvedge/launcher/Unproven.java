package io.selvedge.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Counts starts while a deployment has not proved itself: the file {@code data/deployment/unproven}
 * is there then, with the number of starts so far. It is counted here, because a bundle that ends
 * the process at once leaves no time for anybody else; see docs/deployment.md.
 */
final class Unproven {

  private final Path file;

  Unproven(Path data) {
    file = data.resolve("deployment/unproven");
  }

  /** Adds this start, where one is to be counted. */
  void count() throws IOException {
    if (Files.notExists(file)) {
      return;
    }
    byte[] next = (starts() + 1 + "\n").getBytes(StandardCharsets.US_ASCII);
    Path beside = file.resolveSibling("unproven.new");
    try (FileChannel channel =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(next));
      channel.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** A file that the disk has damaged counts as none. */
  private int starts() throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
  }
}
