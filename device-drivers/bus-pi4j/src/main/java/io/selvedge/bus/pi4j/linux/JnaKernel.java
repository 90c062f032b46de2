package io.selvedge.bus.pi4j.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * The real system calls, by JNA's direct mapping. The C library is the one of this process, so no
 * file of it is looked for.
 *
 * <p>What is an {@code unsigned long} or {@code size_t} in C is passed as a pointer: that has the
 * right size on each machine, without a conversion at each call.
 */
final class JnaKernel implements Kernel {

  private static final int EFD_NONBLOCK = 0x800;

  JnaKernel() {
    LibC.register();
  }

  @Override
  public int open(String path, int flags) throws Errno {
    try {
      return LibC.open(path, flags, 0);
    } catch (LastErrorException e) {
      throw new Errno(e.getErrorCode());
    }
  }

  @Override
  public void close(int fd) {
    try {
      int unused = LibC.close(fd);
    } catch (LastErrorException e) {
      // the descriptor is gone whatever it says
    }
  }

  @Override
  public void ioctl(int fd, long request, Block argument) throws Errno {
    call(fd, request, pointer(argument));
  }

  @Override
  public void ioctl(int fd, long request, long argument) throws Errno {
    call(fd, request, new Pointer(argument));
  }

  private static void call(int fd, long request, Pointer argument) throws Errno {
    try {
      int unused = LibC.ioctl(fd, new Pointer(request), argument);
    } catch (LastErrorException e) {
      throw new Errno(e.getErrorCode());
    }
  }

  @Override
  public int read(int fd, Block into, int length) throws Errno {
    try {
      return LibC.read(fd, pointer(into), new Pointer(length));
    } catch (LastErrorException e) {
      throw new Errno(e.getErrorCode());
    }
  }

  @Override
  public int write(int fd, Block from, int length) throws Errno {
    try {
      return LibC.write(fd, pointer(from), new Pointer(length));
    } catch (LastErrorException e) {
      throw new Errno(e.getErrorCode());
    }
  }

  @Override
  public void poll(Block fds, int count, int millis) throws Errno {
    try {
      int unused = LibC.poll(pointer(fds), new Pointer(count), millis);
    } catch (LastErrorException e) {
      throw new Errno(e.getErrorCode());
    }
  }

  @Override
  public int eventfd() throws Errno {
    try {
      return LibC.eventfd(0, Abi.O_CLOEXEC | EFD_NONBLOCK);
    } catch (LastErrorException e) {
      throw new Errno(e.getErrorCode());
    }
  }

  @Override
  public Block allocate(int size) {
    return new NativeBlock(ByteBuffer.allocateDirect(size));
  }

  @Override
  public int pointerSize() {
    return Native.POINTER_SIZE;
  }

  private static Pointer pointer(Block block) {
    return ((NativeBlock) block).pointer;
  }

  private static final class NativeBlock extends Block {
    private final Pointer pointer;

    NativeBlock(ByteBuffer bytes) {
      this(bytes, Native.getDirectBufferPointer(bytes));
    }

    private NativeBlock(ByteBuffer bytes, Pointer pointer) {
      super(bytes, Pointer.nativeValue(pointer));
      this.pointer = pointer;
    }
  }

  /** Bound once for as long as this bundle's classes live. */
  private static final class LibC {

    static {
      Native.register(LibC.class, NativeLibrary.getProcess());
    }

    private LibC() {}

    static void register() {
      // loading this class has done it
    }

    static native int open(String path, int flags, int mode) throws LastErrorException;

    static native int close(int fd) throws LastErrorException;

    static native int ioctl(int fd, Pointer request, Pointer argument) throws LastErrorException;

    static native int read(int fd, Pointer into, Pointer length) throws LastErrorException;

    static native int write(int fd, Pointer from, Pointer length) throws LastErrorException;

    static native int poll(Pointer fds, Pointer count, int millis) throws LastErrorException;

    static native int eventfd(int initial, int flags) throws LastErrorException;
  }
}
