package io.selvedge.protocol.transfer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks that make a file, in their order. As bytes:
 *
 * <pre>
 *   0        8          12              44
 *   ┌────────┬──────────┬───────────────┬──────────┬─────
 *   │SELVBLK1│ length 1 │ SHA-256 of 1  │ length 2 │ …
 *   └────────┴──────────┴───────────────┴──────────┴─────
 * </pre>
 *
 * lengths big-endian, each 1 to {@link Chunker#MOST}.
 */
public final class BlockList {

  /** Most bytes of a list; enough for the largest file in the shortest blocks. */
  public static final int MOST_BYTES = 32 << 20;

  private static final byte[] MAGIC = "SELVBLK1".getBytes(StandardCharsets.US_ASCII);
  private static final int ENTRY = Integer.BYTES + Digest.LENGTH;

  private final Digest[] digests;
  private final long[] ends;

  /** One block. */
  public record Block(int length, Digest digest) {}

  public BlockList(List<Block> blocks) {
    digests = new Digest[blocks.size()];
    ends = new long[blocks.size()];
    long end = 0;
    for (int i = 0; i < digests.length; i++) {
      Block block = blocks.get(i);
      if (block.length() < 1 || block.length() > Chunker.MOST) {
        throw new IllegalArgumentException(
            "block [" + i + "] of [" + block.length() + "] bytes must have 1 to " + Chunker.MOST);
      }
      end += block.length();
      ends[i] = end;
      digests[i] = block.digest();
    }
  }

  /**
   * Reads a list.
   *
   * @throws IllegalArgumentException it is none
   */
  public static BlockList parse(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte[] magic = new byte[MAGIC.length];
    if (bytes.length < magic.length
        || bytes.length > MOST_BYTES
        || (bytes.length - magic.length) % ENTRY != 0) {
      throw new IllegalArgumentException(
          "list of blocks of [" + bytes.length + "] bytes must have 8 and 36 for each block");
    }
    in.get(magic);
    if (!java.util.Arrays.equals(magic, MAGIC)) {
      throw new IllegalArgumentException("list of blocks must begin with [SELVBLK1]");
    }
    List<Block> blocks = new ArrayList<>(in.remaining() / ENTRY);
    while (in.hasRemaining()) {
      blocks.add(new Block(in.getInt(), Digest.read(in)));
    }
    return new BlockList(blocks);
  }

  public byte[] toBytes() {
    ByteBuffer out = ByteBuffer.allocate(MAGIC.length + digests.length * ENTRY);
    out.put(MAGIC);
    for (int i = 0; i < digests.length; i++) {
      out.putInt(length(i));
      digests[i].write(out);
    }
    return out.array();
  }

  /** How many blocks there are. */
  public int count() {
    return digests.length;
  }

  /** Bytes of the file. */
  public long size() {
    return digests.length == 0 ? 0 : ends[digests.length - 1];
  }

  /** Where a block begins in the file. */
  public long offset(int block) {
    return block == 0 ? 0 : ends[block - 1];
  }

  public int length(int block) {
    return (int) (ends[block] - offset(block));
  }

  public Digest digest(int block) {
    return digests[block];
  }
}
