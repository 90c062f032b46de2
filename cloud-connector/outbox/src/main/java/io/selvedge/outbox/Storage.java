package io.selvedge.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The few things that the outbox asks of a disk, in one place, so that a test can let them fail.
 */
class Storage {

  private static final int ZEROS = 64 * 1024;

  private static final int PAGE = 4096;
  private static final byte NOTHING = -1; // no record, no note and no header begins so
  private static final long PAUSE_MILLIS = 500;

  private final AtomicLong written = new AtomicLong();
  private final BadBlocks bad = new BadBlocks();
  private volatile boolean anyRead;

  /** When the device last took something: it is there, whatever it does not give. */
  private volatile long forced = Long.MIN_VALUE;

  FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /**
   * Fills the buffer from a place on, as far as the file goes. What the disk cannot give, and has
   * not given for a while, is damaged: the rest is read around it.
   */
  void read(Path file, FileChannel channel, ByteBuffer into, long at) throws IOException {
    int begin = into.position();
    long end = at + into.remaining();
    while (true) {
      try {
        fill(channel, into, at);
        bad.read(file, at, end);
        anyRead = true;
        return;
      } catch (ClosedChannelException e) {
        throw e;
      } catch (IOException e) {
        into.position(begin);
        if (bad.isToBeWaitedFor(file, at, end, nanos())) {
          if (bad.isOpening()) {
            pause(e);
            continue;
          }
          throw e; // it may be over: a cable, a disk that is busy
        }
        boolean any = readAround(channel, into, at);
        anyRead |= any;
        if (any || (bad.isOpening() ? anyRead : bad.isSince(file, forced))) {
          bad.giveUp(file);
          return;
        }
        into.position(begin);
        throw e; // the disk gives nothing at all
      }
    }
  }

  private void fill(FileChannel channel, ByteBuffer into, long at) throws IOException {
    int begin = into.position();
    int count = 0;
    while (into.hasRemaining() && count >= 0) {
      count = readSome(channel, into, at + into.position() - begin);
    }
  }

  /** False where nothing could be read. */
  private boolean readAround(FileChannel channel, ByteBuffer into, long at) throws IOException {
    boolean any = false;
    long end = Math.min(channel.size(), at + into.remaining());
    long position = at;
    while (position < end) {
      int size = (int) Math.min(end - position, PAGE - position % PAGE);
      ByteBuffer piece = into.slice().limit(size);
      try {
        fill(channel, piece, position);
        any = true;
      } catch (ClosedChannelException e) {
        throw e;
      } catch (IOException e) {
        for (int i = 0; i < size; i++) {
          piece.put(i, NOTHING);
        }
      }
      into.position(into.position() + size);
      position += size;
    }
    return any;
  }

  /** Once; at most what the buffer takes, and -1 at the file's end. */
  int readSome(FileChannel channel, ByteBuffer into, long at) throws IOException {
    return channel.read(into, at);
  }

  long nanos() {
    return System.nanoTime();
  }

  /** Until it is worth reading again what could not be read. */
  void sleep(long millis) throws InterruptedException {
    Thread.sleep(millis);
  }

  private void pause(IOException why) throws IOException {
    try {
      sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw why;
    }
  }

  /**
   * All that is there has been looked at. From now on what cannot be read is told to who asks,
   * before it is given up: until here it is waited for.
   */
  void opened() {
    bad.opened();
  }

  /** Another use of a file begins: its blocks are written anew. */
  void anew(Path file) {
    bad.forget(file);
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
    forced = nanos();
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
