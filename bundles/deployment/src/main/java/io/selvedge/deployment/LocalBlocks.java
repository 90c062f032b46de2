package io.selvedge.deployment;

import io.selvedge.protocol.transfer.BlockList;
import io.selvedge.protocol.transfer.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/** Blocks that other files on this gateway have: those need not come. */
final class LocalBlocks {

  private LocalBlocks() {}

  /**
   * Fills a file from others.
   *
   * @param list the file's blocks
   * @param others whole files that are here, with their lists
   */
  static void fill(BlockFile file, BlockList list, Map<Path, BlockList> others) throws IOException {
    Map<Digest, Integer> missing = new HashMap<>();
    for (int i = file.nextMissing(0); i < list.count(); i = file.nextMissing(i + 1)) {
      missing.putIfAbsent(list.digest(i), i);
    }
    for (Map.Entry<Path, BlockList> other : others.entrySet()) {
      if (missing.isEmpty()) {
        return;
      }
      fill(file, missing, other.getKey(), other.getValue());
    }
  }

  private static void fill(BlockFile file, Map<Digest, Integer> missing, Path path, BlockList list)
      throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      for (int i = 0; i < list.count(); i++) {
        Integer wanted = missing.get(list.digest(i));
        if (wanted == null) {
          continue;
        }
        ByteBuffer bytes = ByteBuffer.allocate(list.length(i));
        while (bytes.hasRemaining()
            && channel.read(bytes, list.offset(i) + bytes.position()) >= 0) {
          // once more
        }
        bytes.flip();
        if (file.isIntact(wanted, bytes)) { // the disk may have altered it
          file.write(wanted, bytes);
          missing.remove(list.digest(i));
        }
      }
    }
  }

  /** Fills the places of blocks that the file itself has elsewhere. */
  static void repeat(BlockFile file, BlockList list) throws IOException {
    if (file.isComplete()) {
      return;
    }
    Map<Digest, Integer> here = new HashMap<>();
    for (int i = 0; i < list.count(); i++) {
      if (file.has(i)) {
        here.putIfAbsent(list.digest(i), i);
      }
    }
    for (int i = file.nextMissing(0); i < list.count(); i = file.nextMissing(i + 1)) {
      Integer from = here.get(list.digest(i));
      if (from != null) {
        file.copy(from, i);
      }
    }
  }
}
