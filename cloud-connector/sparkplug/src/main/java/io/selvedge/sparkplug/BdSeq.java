package io.selvedge.sparkplug;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The numbers of sessions: 0 to 255, then 0 again, one more with every CONNECT, also over restarts.
 * The last one is in a file, as text; it is on disk before the CONNECT goes out. One thread.
 */
final class BdSeq {

  private final Path file;
  private boolean free;
  private long last;

  /**
   * Goes on where the file ends; begins with 0 where there is none, or none that can be read.
   *
   * @throws IOException where there is a file that cannot be opened
   */
  BdSeq(Path file) throws IOException {
    this.file = file;
    last = -1;
    if (Files.exists(file)) {
      // each byte is some character: one that was altered must not keep the connection from
      // starting
      String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
      last = text.matches("[0-9]{1,3}") ? Long.parseLong(text) % EdgeNode.BD_SEQS : -1;
    }
  }

  /**
   * The number for the next CONNECT.
   *
   * @throws IOException where it cannot be kept; it counts as taken all the same
   */
  long take() throws IOException {
    if (free) {
      free = false;
      return last;
    }
    last = (last + 1) % EdgeNode.BD_SEQS;
    write();
    return last;
  }

  /** The number that was taken last. */
  long last() {
    return last;
  }

  /** No CONNECT was sent with the number that was taken last: it is the next one's. */
  void giveBack() {
    free = true;
  }

  private void write() throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    ByteBuffer text = ByteBuffer.wrap((last + "\n").getBytes(StandardCharsets.UTF_8));
    try (FileChannel out =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      while (text.hasRemaining()) {
        out.write(text);
      }
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
