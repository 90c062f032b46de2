package io.selvedge.deployment;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Blocks that follow each other in the file and in a message: they are written at once. */
final class BlockRun {

  private final BlockFile target;
  private int first;
  private int count;
  private ByteBuffer bytes = ByteBuffer.allocate(0);

  BlockRun(BlockFile target) {
    this.target = target;
  }

  /**
   * Adds a block that is not in the file; it is there after {@link #write}.
   *
   * @param block a view of an array, whose bytes stay as they are
   */
  void add(int index, ByteBuffer block) throws IOException {
    int at = block.arrayOffset() + block.position();
    if (count == 0
        || index != first + count
        || block.array() != bytes.array()
        || at != bytes.limit()) {
      write();
      first = index;
      bytes = ByteBuffer.wrap(block.array(), at, 0);
    }
    count++;
    bytes.limit(at + block.remaining());
  }

  /** Writes what was added. */
  void write() throws IOException {
    if (count > 0) {
      target.write(first, count, bytes);
      count = 0;
    }
  }
}
