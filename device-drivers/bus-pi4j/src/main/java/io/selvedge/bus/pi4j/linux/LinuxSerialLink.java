package io.selvedge.bus.pi4j.linux;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.BusException.Kind;
import io.selvedge.api.bus.SerialLink;
import io.selvedge.api.bus.SerialOptions;
import io.selvedge.api.bus.SerialOptions.Parity;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * A serial port, raw, ours alone. The poll thread takes in what comes, so that waiting for bytes is
 * waiting in Java, which an interrupt ends.
 */
final class LinuxSerialLink implements SerialLink {

  private static final int CLOSED = -1;
  private static final int CHUNK = 4096;
  private static final int WRITE_WAIT_MS = 100;

  private final String path;
  private final SerialOptions options;
  private final Kernel kernel;
  private final Tree tree;
  private final Poller poller;
  private final Block incoming;
  private volatile Runnable listener = () -> {};

  // Opening and closing happen under this lock, which the poll thread never needs.
  private final Object opening = new Object();
  private int fd = CLOSED;

  // Under its own lock: the poll thread adds, drivers take.
  private final Deque<Byte> received = new ArrayDeque<>();
  private volatile boolean gone;

  LinuxSerialLink(String path, SerialOptions options, Kernel kernel, Tree tree, Poller poller) {
    this.path = path;
    this.options = options;
    this.kernel = kernel;
    this.tree = tree;
    this.poller = poller;
    this.incoming = kernel.allocate(CHUNK);
  }

  @Override
  public int read(byte[] buffer, Duration timeout) throws BusException, InterruptedException {
    synchronized (received) {
      if (!received.isEmpty()) {
        return take(buffer); // also what came before the port went
      }
    }
    open();
    long end = System.nanoTime() + timeout.toNanos();
    synchronized (received) {
      while (received.isEmpty() && !gone) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return 0;
        }
        TimeUnit.NANOSECONDS.timedWait(received, left);
      }
      if (received.isEmpty()) {
        throw hasGone();
      }
      return take(buffer);
    }
  }

  private int take(byte[] buffer) {
    int count = Math.min(buffer.length, received.size());
    for (int i = 0; i < count; i++) {
      buffer[i] = received.remove();
    }
    return count;
  }

  @Override
  public void write(byte[] bytes) throws BusException, InterruptedException {
    int to = open();
    int done = 0;
    Block block = kernel.allocate(CHUNK);
    while (done < bytes.length) {
      int length = Math.min(CHUNK, bytes.length - done);
      for (int i = 0; i < length; i++) {
        block.bytes.put(i, bytes[done + i]);
      }
      done += write(to, block, length);
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while writing to port [" + path + "]");
      }
    }
  }

  /** As much as the port takes now; where that is nothing, waits a little for it. */
  private int write(int to, Block block, int length) throws BusException {
    try {
      return kernel.write(to, block, length);
    } catch (Errno e) {
      if (e.number != Errno.EAGAIN && e.number != Errno.EINTR) {
        gone |= isGone(e);
        throw e.as("serial port [" + path + "]");
      }
    }
    Block poll = kernel.allocate(Abi.POLLFD_SIZE);
    poll.bytes.putInt(0, to);
    poll.bytes.putShort(Abi.POLLFD_EVENTS, (short) Abi.POLLOUT);
    try {
      kernel.poll(poll, 1, WRITE_WAIT_MS);
    } catch (Errno e) {
      if (e.number != Errno.EINTR) {
        throw e.as("serial port [" + path + "]");
      }
    }
    return 0;
  }

  @Override
  public void onBytes(Runnable told) {
    listener = told;
  }

  @Override
  public void close() {
    synchronized (opening) {
      shut();
    }
    synchronized (received) {
      received.clear();
      received.notifyAll();
    }
  }

  private int open() throws BusException {
    synchronized (opening) {
      if (gone) {
        shut();
      }
      if (fd != CLOSED) {
        return fd;
      }
      int opened =
          Devices.open(
              kernel, tree, tree.path(path), Listing.GROUP_SERIAL, Abi.O_NOCTTY | Abi.O_NONBLOCK);
      try {
        set(opened);
        poller.watch(opened, what -> ready(opened));
      } catch (Errno e) {
        kernel.close(opened);
        throw e.as("serial port [" + path + "] with [" + options + "]");
      }
      fd = opened;
      return opened;
    }
  }

  private void shut() {
    gone = false;
    if (fd != CLOSED) {
      poller.unwatch(fd);
      kernel.close(fd);
      fd = CLOSED;
    }
  }

  private void set(int port) throws Errno {
    Block termios = kernel.allocate(Abi.TERMIOS2_SIZE);
    kernel.ioctl(port, Abi.TCGETS2, termios);
    termios.bytes.putInt(0, options.parity() == Parity.NONE ? 0 : Abi.INPCK);
    termios.bytes.putInt(Abi.TERMIOS2_OFLAG, 0);
    termios.bytes.putInt(Abi.TERMIOS2_CFLAG, controlFlags());
    termios.bytes.putInt(Abi.TERMIOS2_LFLAG, 0);
    termios.bytes.put(Abi.TERMIOS2_CC + Abi.VTIME, (byte) 0);
    termios.bytes.put(Abi.TERMIOS2_CC + Abi.VMIN, (byte) 1);
    termios.bytes.putInt(Abi.TERMIOS2_ISPEED, options.baud());
    termios.bytes.putInt(Abi.TERMIOS2_OSPEED, options.baud());
    kernel.ioctl(port, Abi.TCSETS2, termios);
    kernel.ioctl(port, Abi.TIOCEXCL, 0);
    kernel.ioctl(port, Abi.TCFLSH, Abi.TCIOFLUSH);
  }

  private int controlFlags() {
    int parity =
        switch (options.parity()) {
          case NONE -> 0;
          case EVEN -> Abi.PARENB;
          case ODD -> Abi.PARENB | Abi.PARODD;
        };
    int bits = Abi.CS5 + ((options.dataBits() - 5) << 4);
    int stop = options.stopBits() == 2 ? Abi.CSTOPB : 0;
    int speed = Abi.BOTHER | (Abi.BOTHER << Abi.IBSHIFT);
    return speed | bits | parity | stop | Abi.CREAD | Abi.CLOCAL;
  }

  /** On the poll thread. */
  private void ready(int from) {
    try {
      int count = kernel.read(from, incoming, CHUNK);
      if (count == 0) {
        lost(from);
      }
      synchronized (received) {
        for (int i = 0; i < count; i++) {
          received.add(incoming.bytes.get(i));
          if (received.size() > MOST_BYTES) {
            received.remove();
          }
        }
        received.notifyAll();
      }
    } catch (Errno e) {
      if (e.number == Errno.EAGAIN || e.number == Errno.EINTR) {
        return;
      }
      lost(from);
    }
    listener.run();
  }

  /** Waits for it no more, or the kernel would tell us without end. */
  private void lost(int from) {
    poller.unwatch(from);
    synchronized (received) {
      gone = true;
      received.notifyAll();
    }
  }

  private static boolean isGone(Errno e) {
    return e.isGone() || e.number == Errno.EIO || e.number == Errno.ENXIO;
  }

  private BusException hasGone() {
    return new BusException(Kind.ABSENT, "serial port [" + path + "] has gone");
  }
}
