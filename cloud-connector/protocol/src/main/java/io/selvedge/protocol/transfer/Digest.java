package io.selvedge.protocol.transfer;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** A SHA-256 that takes little room: lists of blocks hold many. */
public record Digest(long a, long b, long c, long d) {

  /** Bytes of one. */
  public static final int LENGTH = 32;

  /** Of 32 bytes. */
  public static Digest of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("digest of [" + bytes.length + "] bytes must have 32");
    }
    return read(ByteBuffer.wrap(bytes));
  }

  static Digest read(ByteBuffer from) {
    return new Digest(from.getLong(), from.getLong(), from.getLong(), from.getLong());
  }

  void write(ByteBuffer to) {
    to.putLong(a).putLong(b).putLong(c).putLong(d);
  }

  @Override
  public String toString() {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
    write(bytes);
    return HexFormat.of().formatHex(bytes.array());
  }
}
