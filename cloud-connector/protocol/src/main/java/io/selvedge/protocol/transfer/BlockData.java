package io.selvedge.protocol.transfer;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Some blocks of one request on their way to the gateway, big-endian:
 *
 * <pre>
 *   ┌────────┬───────────┬────────────────┬──────────────────┬─────
 *   │ number │ count (n) │ n block indexes│ bytes of block 1 │ …
 *   │ 4      │ 2         │ 4 each         │ as the list says │
 *   └────────┴───────────┴────────────────┴──────────────────┴─────
 * </pre>
 */
public final class BlockData {

  /** Bytes of blocks that one message carries at most; brokers keep longer ones on the disk. */
  public static final int MOST_BYTES = 96 << 10;

  private static final int HEAD = Integer.BYTES + Short.BYTES;

  /**
   * One block that came.
   *
   * @param bytes a view of the message; not verified
   */
  public record Block(int index, ByteBuffer bytes) {}

  private BlockData() {}

  /** Gives the bytes of blocks. */
  @FunctionalInterface
  public interface Filler {
    /** Fills all that remains of a buffer: with a block and those that follow it in the file. */
    void fill(int block, ByteBuffer into) throws IOException;
  }

  /** A message of blocks of one request. */
  public static byte[] message(int number, List<Integer> indexes, BlockList list, Filler filler)
      throws IOException {
    int bytes = indexes.stream().mapToInt(list::length).sum();
    byte[] message = new byte[HEAD + indexes.size() * Integer.BYTES + bytes];
    ByteBuffer out = ByteBuffer.wrap(message);
    out.putInt(number).putShort((short) indexes.size());
    indexes.forEach(out::putInt);
    for (int from = 0, to = 0; from < indexes.size(); from = to) {
      int length = 0;
      do {
        length += list.length(indexes.get(to));
        to++;
      } while (to < indexes.size() && indexes.get(to) == indexes.get(to - 1) + 1);
      filler.fill(indexes.get(from), out.slice(out.position(), length));
      out.position(out.position() + length);
    }
    return message;
  }

  /** The request that a message belongs to. */
  public static int number(byte[] message) {
    return message.length < HEAD ? -1 : ByteBuffer.wrap(message).getInt();
  }

  /**
   * Takes a message apart.
   *
   * @throws IllegalArgumentException it does not fit the list
   */
  public static List<Block> blocks(byte[] message, BlockList list) {
    ByteBuffer in = ByteBuffer.wrap(message);
    try {
      in.getInt();
      int count = Short.toUnsignedInt(in.getShort());
      ByteBuffer indexes = in.slice(in.position(), Math.multiplyExact(count, Integer.BYTES));
      in.position(in.position() + indexes.remaining());
      List<Block> blocks = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        int index = indexes.getInt();
        if (index < 0 || index >= list.count()) {
          throw new IllegalArgumentException(
              "block [" + index + "] is not one of the file's " + list.count());
        }
        blocks.add(new Block(index, in.slice(in.position(), list.length(index))));
        in.position(in.position() + list.length(index));
      }
      if (in.hasRemaining()) {
        throw new IllegalArgumentException(
            "message has [" + in.remaining() + "] bytes more than its blocks");
      }
      return blocks;
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "message of [" + message.length + "] bytes is shorter than its blocks", e);
    }
  }
}
