package io.selvedge.mqtt.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Lets a writer that flushes after every message go on while the one before is still on its way:
 * what comes meanwhile goes out together. Two buffers that change places, and a thread of its own.
 * Holds at most {@value #MOST} bytes; then writing waits.
 */
final class CoalescingOutput extends OutputStream {

  private static final int FIRST_SIZE = 16 * 1024;
  private static final int MOST = 1024 * 1024;
  private static final long SEND_MILLIS = 2000;

  private final OutputStream out;
  private final Thread thread;
  private byte[] filling = new byte[FIRST_SIZE];
  private byte[] sending = new byte[FIRST_SIZE];
  private int filled;
  private boolean flush;
  private boolean busy;
  private boolean closed;
  private boolean patient;
  private Optional<IOException> failure = Optional.empty();

  CoalescingOutput(OutputStream out, String threadName) {
    this.out = out;
    thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    awaitRoom(length);
    check();
    add(bytes, offset, length);
  }

  /**
   * Writes both, and nothing between them.
   *
   * @param size of the head
   * @param mayWait while too much is there already; if not, more than that is held
   */
  synchronized void packet(byte[] head, int size, byte[] payload, boolean mayWait)
      throws IOException {
    if (mayWait) {
      awaitRoom(size + payload.length);
    }
    check();
    add(head, 0, size);
    add(payload, 0, payload.length);
  }

  private void awaitRoom(int length) throws IOException {
    try {
      while (filled > 0 && filled + length > MOST && !closed && failure.isEmpty()) {
        flush = true;
        notifyAll();
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the network was busy");
    }
  }

  private void add(byte[] bytes, int offset, int length) {
    if (filled + length > filling.length) {
      filling = Arrays.copyOf(filling, Math.max(filled + length, 2 * filling.length));
    }
    System.arraycopy(bytes, offset, filling, filled, length);
    filled += length;
  }

  @Override
  public synchronized void flush() throws IOException {
    check();
    if (!flush && filled > 0) {
      flush = true;
      notifyAll();
    }
    if (patient && awaitSent()) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * From now on a flush waits until what was written has gone out, two seconds at most. For the
   * last words: who flushes may interrupt the thread that reads as soon as it is back, and that
   * closes the channel of the socket.
   */
  synchronized void leave() {
    patient = true;
  }

  private void check() throws IOException {
    if (failure.isPresent()) {
      throw new IOException(failure.get().getMessage(), failure.get());
    }
    if (closed) {
      throw new IOException("connection is closed");
    }
  }

  /** Gives what was written a moment to go out; then ends the thread. */
  @Override
  public void close() throws IOException {
    boolean interrupted;
    synchronized (this) {
      flush = true;
      notifyAll();
      interrupted = awaitSent();
      closed = true;
      notifyAll();
    }
    out.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Two seconds at most; true where it was interrupted. */
  private boolean awaitSent() {
    long end = System.nanoTime() + SEND_MILLIS * 1_000_000;
    long left = SEND_MILLIS;
    try {
      while ((filled > 0 || busy) && !closed && failure.isEmpty() && left > 0) {
        wait(left);
        left = (end - System.nanoTime()) / 1_000_000;
      }
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  private void run() {
    int size = next(0);
    while (size >= 0) {
      try {
        out.write(sending, 0, size);
        out.flush();
      } catch (IOException e) {
        fail(e);
      }
      size = next(size);
    }
  }

  /** Waits for something to send; negative at the end. */
  private synchronized int next(int sent) {
    busy = false;
    if (sent > FIRST_SIZE * 4) {
      sending = new byte[FIRST_SIZE];
    }
    notifyAll();
    try {
      while (!closed && failure.isEmpty() && !(flush && filled > 0)) {
        flush = false;
        wait();
      }
    } catch (InterruptedException e) {
      return -1; // nobody else has this thread
    }
    if (closed || failure.isPresent()) {
      return -1;
    }
    int size = filled;
    byte[] full = filling;
    filling = sending;
    sending = full;
    filled = 0;
    flush = false;
    busy = true;
    notifyAll();
    return size;
  }

  private synchronized void fail(IOException e) {
    failure = Optional.of(e);
    filled = 0;
    notifyAll();
  }
}
