package io.selvedge.bench.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The limit that no outbox on this disk can pass: writes to a file that was filled before, with
 * fdatasync after each batch, and nothing else. No framing, no checksums, no threads.
 */
final class BareDisk implements AutoCloseable {

  private static final int PIECE = 1024 * 1024;

  private final FileChannel channel;
  private final long size;
  private long position;

  /** Fills the file, in earnest, and waits until it is on the device. */
  BareDisk(Path file, long size) throws IOException {
    this.size = size;
    channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    for (long at = 0; at < size; at += PIECE) {
      piece.clear();
      writeFully(piece, at);
    }
    channel.force(true);
  }

  /**
   * Payload bytes in batches of one size.
   *
   * @return payload bytes a second that were on the device
   */
  double groupCommit(long bytes, int batch) throws IOException {
    ByteBuffer buffer = random(batch);
    long begun = System.nanoTime();
    long written = 0;
    while (written < bytes) {
      commit(buffer);
      written += batch;
    }
    return written / seconds(begun);
  }

  /** Writes of one size, each followed by a sync: how many a second. */
  double commitEach(int count, int bytes) throws IOException {
    ByteBuffer buffer = random(bytes);
    long begun = System.nanoTime();
    for (int i = 0; i < count; i++) {
      commit(buffer);
    }
    return count / seconds(begun);
  }

  private void commit(ByteBuffer buffer) throws IOException {
    if (position + buffer.capacity() > size) {
      position = 0;
    }
    buffer.clear();
    writeFully(buffer, position);
    channel.force(false);
    position += buffer.capacity();
  }

  private void writeFully(ByteBuffer buffer, long at) throws IOException {
    long place = at;
    while (buffer.hasRemaining()) {
      place += channel.write(buffer, place);
    }
  }

  private static ByteBuffer random(int size) {
    byte[] bytes = new byte[size];
    ThreadLocalRandom.current().nextBytes(bytes);
    return ByteBuffer.allocateDirect(size).put(bytes);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
