package io.selvedge.bus.pi4j.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** The real system calls. */
final class JnaKernel implements Kernel {

  private static final int EFD_NONBLOCK = 0x800;
  private static final long NANOS = 1_000_000_000;

  private final LibC libc = LibC.ofThisMachine();

  @Override
  public int open(String path, int flags) throws Errno {
    try {
      return libc.open(path, flags, 0);
    } catch (LastErrorException e) {
      throw new Errno(e.getErrorCode());
    }
  }

  @Override
  public void close(int fd) {
    try {
      int unused = libc.close(fd);
    } catch (LastErrorException e) {
      // the descriptor is gone whatever it says
    }
  }

  @Override
  public void ioctl(int fd, long request, Block argument) throws Errno {
    try {
      ioctl(fd, request, argument.address);
    } finally {
      Reference.reachabilityFence(argument); // its memory must not be freed meanwhile
    }
  }

  @Override
  public void ioctl(int fd, long request, long argument) throws Errno {
    try {
      int unused = libc.ioctl(fd, request, argument);
    } catch (LastErrorException e) {
      throw new Errno(e.getErrorCode());
    }
  }

  @Override
  public int read(int fd, Block into, int length) throws Errno {
    try {
      return libc.read(fd, into.address, length);
    } catch (LastErrorException e) {
      throw new Errno(e.getErrorCode());
    } finally {
      Reference.reachabilityFence(into);
    }
  }

  @Override
  public int write(int fd, Block from, int length) throws Errno {
    try {
      return libc.write(fd, from.address, length);
    } catch (LastErrorException e) {
      throw new Errno(e.getErrorCode());
    } finally {
      Reference.reachabilityFence(from);
    }
  }

  @Override
  public void poll(Block fds, int count, int millis) throws Errno {
    try {
      int unused = libc.poll(fds.address, count, millis);
    } catch (LastErrorException e) {
      throw new Errno(e.getErrorCode());
    } finally {
      Reference.reachabilityFence(fds);
    }
  }

  @Override
  public void poll(Block fds, int count, long nanos, Block timeout) throws Errno {
    long seconds = nanos / NANOS;
    if (Native.LONG_SIZE == Long.BYTES) { // struct timespec
      timeout.bytes.putLong(0, seconds).putLong(Long.BYTES, nanos % NANOS);
    } else {
      timeout.bytes.putInt(0, (int) seconds).putInt(Integer.BYTES, (int) (nanos % NANOS));
    }
    try {
      int unused = libc.ppoll(fds.address, count, timeout.address, 0);
    } catch (LastErrorException e) {
      throw new Errno(e.getErrorCode());
    } finally {
      Reference.reachabilityFence(fds);
      Reference.reachabilityFence(timeout);
    }
  }

  @Override
  public int eventfd() throws Errno {
    try {
      return libc.eventfd(0, Abi.O_CLOEXEC | EFD_NONBLOCK);
    } catch (LastErrorException e) {
      throw new Errno(e.getErrorCode());
    }
  }

  @Override
  public Block allocate(int size) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(size);
    return new Block(bytes, Pointer.nativeValue(Native.getDirectBufferPointer(bytes)));
  }

  @Override
  public int pointerSize() {
    return Native.POINTER_SIZE;
  }
}
