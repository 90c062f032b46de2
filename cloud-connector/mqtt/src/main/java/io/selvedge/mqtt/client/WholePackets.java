package io.selvedge.mqtt.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Hands on what was written at each flush, in one piece, so that others may write between two
 * packets of one who flushes after each. For one thread.
 */
final class WholePackets extends OutputStream {

  private static final int LARGEST_KEPT = 64 * 1024;

  /** Without a copy at the end. */
  private static final class Piece extends ByteArrayOutputStream {

    void moveTo(CoalescingOutput out) throws IOException {
      out.write(buf, 0, count);
      count = 0;
    }

    boolean isLarge() {
      return buf.length > LARGEST_KEPT;
    }
  }

  private final CoalescingOutput out;
  private Piece piece = new Piece();

  WholePackets(CoalescingOutput out) {
    this.out = out;
  }

  @Override
  public void write(int one) {
    piece.write(one);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    piece.write(bytes, offset, length);
  }

  @Override
  public void flush() throws IOException {
    piece.moveTo(out);
    if (piece.isLarge()) {
      piece = new Piece();
    }
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
