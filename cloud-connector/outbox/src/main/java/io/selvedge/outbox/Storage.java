package io.selvedge.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The few things that the outbox asks of a disk, in one place, so that a test can let them fail.
 */
class Storage {

  private static final int ZEROS = 64 * 1024;

  private final AtomicLong written = new AtomicLong();

  FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      int count = channel.write(bytes, position);
      position += count;
      written.addAndGet(count);
    }
  }

  /** Until the bytes are on the device; sizes do not change after {@link #fill}. */
  void force(FileChannel channel) throws IOException {
    channel.force(false);
  }

  /** Makes a file of this size, of zeros, in earnest: blocks are allocated and written. */
  void fill(FileChannel channel, long size) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS);
    for (long at = 0; at < size; at += ZEROS) {
      zeros.clear().limit((int) Math.min(ZEROS, size - at));
      write(channel, zeros, at);
    }
    channel.force(true);
  }

  /** Makes names durable: files made or renamed in this directory. */
  void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  long written() {
    return written.get();
  }
}
