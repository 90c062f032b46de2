package io.selvedge.protocol.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a file where its content says so (FastCDC: Xia et al., USENIX ATC 2016, with a gear hash and
 * two masks), so that bytes that are inserted or changed move no cut but those beside them, and the
 * blocks around are those of the version before.
 *
 * <pre>
 *   0 ─── LEAST ────── AIM ───────── MOST
 *     none  │ a cut is   │ a cut is   │ always
 *           │ unlikely   │ likely     │
 * </pre>
 *
 * Both ends need not cut alike: where the cuts are says the list.
 */
public final class Chunker {

  /** No block is shorter, but the last. */
  public static final int LEAST = 8 << 10;

  /** Where cuts become likely. */
  public static final int AIM = 32 << 10;

  /** No block is longer. */
  public static final int MOST = 64 << 10;

  // Two bits more and less than the aim's 15, spread over the hash's upper half.
  private static final long RARE = 0x0003_5903_5303_D000L;
  private static final long OFTEN = 0x0000_D903_0303_0000L;
  private static final long[] GEAR = gear();

  private Chunker() {}

  /** Reads a file to its end and lists its blocks; holds one block in memory. */
  public static BlockList list(InputStream in) throws IOException {
    List<BlockList.Block> blocks = new ArrayList<>();
    MessageDigest digest = sha256();
    byte[] buffer = new byte[MOST];
    int filled = in.readNBytes(buffer, 0, MOST);
    while (filled > 0) {
      int length = cut(buffer, filled);
      digest.update(buffer, 0, length);
      blocks.add(new BlockList.Block(length, Digest.of(digest.digest())));
      System.arraycopy(buffer, length, buffer, 0, filled - length);
      filled -= length;
      filled += in.readNBytes(buffer, filled, MOST - filled);
    }
    return new BlockList(blocks);
  }

  /** How long the block at the buffer's beginning is. */
  static int cut(byte[] buffer, int filled) {
    if (filled <= LEAST) {
      return filled;
    }
    long hash = 0;
    int at = LEAST;
    for (int aim = Math.min(filled, AIM); at < aim; at++) {
      hash = (hash << 1) + GEAR[buffer[at] & 0xff];
      if ((hash & RARE) == 0) {
        return at + 1;
      }
    }
    for (int end = Math.min(filled, MOST); at < end; at++) {
      hash = (hash << 1) + GEAR[buffer[at] & 0xff];
      if ((hash & OFTEN) == 0) {
        return at + 1;
      }
    }
    return at;
  }

  /** Any numbers will do; these are SplitMix64's (Steele et al., 2014). */
  private static long[] gear() {
    long[] table = new long[256];
    long state = 0x5E1FED6EL;
    for (int i = 0; i < table.length; i++) {
      state += 0x9E3779B97F4A7C15L;
      long mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
      mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
      table[i] = mixed ^ (mixed >>> 31);
    }
    return table;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
