package io.selvedge.bus.pi4j.linux;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's side of the structures: reads each byte where the kernel would, and answers as it
 * does. Its device files are objects that a test adds and takes away.
 */
final class FakeKernel implements Kernel {

  /** What is behind an open descriptor. */
  interface File {
    void ioctl(long request, Block argument, long number) throws Errno;

    default int read(Block into, int length) throws Errno {
      throw new Errno(Errno.EINVAL);
    }

    default int write(Block from, int length) throws Errno {
      throw new Errno(Errno.EINVAL);
    }

    /** What poll says of it: {@code POLLIN} and the like. */
    default int events() {
      return 0;
    }

    default void closed() {}
  }

  /** A device file that can be opened. */
  interface Device {
    File open() throws Errno;
  }

  final Map<String, Device> devices = Collections.synchronizedMap(new HashMap<>());
  final AtomicInteger polls = new AtomicInteger();

  /** Times that a descriptor was closed which was not open; by then it may be somebody else's. */
  final AtomicInteger strayCloses = new AtomicInteger();

  final int pointerSize;
  private final Map<Integer, File> open = new TreeMap<>();
  private final List<Block> blocks = new ArrayList<>();
  private int next = 10;
  private long address = 0x1000_0000L;

  FakeKernel() {
    this(8);
  }

  /**
   * @param pointerSize 4 for armhf
   */
  FakeKernel(int pointerSize) {
    this.pointerSize = pointerSize;
  }

  synchronized int add(File file) {
    int fd = next++;
    open.put(fd, file);
    return fd;
  }

  /** Descriptors that are open. */
  synchronized int openFiles() {
    return open.size();
  }

  /** Memory at an address that a structure holds. */
  synchronized ByteBuffer at(long where, int length) {
    for (Block block : blocks) {
      int offset = (int) (where - block.address);
      if (where >= block.address && offset + length <= block.bytes.capacity()) {
        ByteBuffer view = block.bytes.duplicate().order(block.bytes.order());
        return view.position(offset).slice().order(block.bytes.order());
      }
    }
    throw new AssertionError("the kernel was given an address that nobody has: " + where);
  }

  /** Something happened on a file: whoever polls looks again. */
  synchronized void changed() {
    notifyAll();
  }

  private synchronized File file(int fd) throws Errno {
    File file = open.get(fd);
    if (file == null) {
      throw new Errno(9);
    }
    return file;
  }

  @Override
  public int open(String path, int flags) throws Errno {
    if ((flags & (Abi.O_RDWR | Abi.O_CLOEXEC)) != (Abi.O_RDWR | Abi.O_CLOEXEC)) {
      throw new AssertionError("a device is opened for both, and closed for programs we start");
    }
    Device device = devices.get(path);
    if (device == null) {
      throw new Errno(Errno.ENOENT);
    }
    return add(device.open());
  }

  @Override
  public void close(int fd) {
    File file;
    synchronized (this) {
      file = open.remove(fd);
    }
    if (file == null) {
      strayCloses.incrementAndGet();
    } else {
      file.closed();
    }
  }

  @Override
  public void ioctl(int fd, long request, Block argument) throws Errno {
    if (request == Abi.FIONBIO) {
      return;
    }
    file(fd).ioctl(request, argument, 0);
  }

  @Override
  public void ioctl(int fd, long request, long argument) throws Errno {
    file(fd).ioctl(request, new Block(ByteBuffer.allocate(0), 0), argument);
  }

  @Override
  public int read(int fd, Block into, int length) throws Errno {
    return file(fd).read(into, length);
  }

  @Override
  public int write(int fd, Block from, int length) throws Errno {
    int count = file(fd).write(from, length);
    changed();
    return count;
  }

  @Override
  public void poll(Block fds, int count, int millis) throws Errno {
    poll(fds, count, Long.MAX_VALUE, null);
  }

  @Override
  public synchronized void poll(Block fds, int count, long nanos, @Nullable Block timeout)
      throws Errno {
    long begun = System.nanoTime();
    polls.incrementAndGet();
    while (true) {
      boolean ready = false;
      for (int i = 0; i < count; i++) {
        File file = open.get(fds.bytes.getInt(i * 8));
        int events = file == null ? Abi.POLLNVAL : file.events();
        fds.bytes.putShort(i * 8 + 6, (short) events);
        ready |= events != 0;
      }
      if (ready) {
        return;
      }
      long left = nanos - (System.nanoTime() - begun);
      if (left <= 0) {
        return;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        throw new Errno(Errno.EINTR);
      }
    }
  }

  @Override
  public int eventfd() {
    return add(
        new File() {
          private boolean set;

          @Override
          public void ioctl(long request, Block argument, long number) throws Errno {
            throw new Errno(Errno.ENOTTY);
          }

          @Override
          public synchronized int write(Block from, int length) {
            set = from.bytes.getLong(0) > 0;
            return length;
          }

          @Override
          public synchronized int read(Block into, int length) {
            set = false;
            return length;
          }

          @Override
          public synchronized int events() {
            return set ? Abi.POLLIN : 0;
          }
        });
  }

  @Override
  public synchronized Block allocate(int size) {
    Block block = new Block(ByteBuffer.allocate(size), address);
    address += (size + 0xfffL) & ~0xfffL;
    blocks.add(block);
    return block;
  }

  @Override
  public int pointerSize() {
    return pointerSize;
  }
}
