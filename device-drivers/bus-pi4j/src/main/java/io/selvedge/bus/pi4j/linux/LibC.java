package io.selvedge.bus.pi4j.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The C library of this process, by JNA's direct mapping, so that no file of it is looked for. What
 * is a pointer, a {@code size_t} or an {@code unsigned long} there is a plain number here, of the
 * width that this machine has: JNA converts nothing, which is half of a call's time.
 */
interface LibC {

  /** For this machine. Bound once for as long as this bundle's classes live. */
  static LibC ofThisMachine() {
    return Native.POINTER_SIZE == Long.BYTES ? new Wide() : new Narrow();
  }

  int open(String path, int flags, int mode) throws LastErrorException;

  int close(int fd) throws LastErrorException;

  int ioctl(int fd, long request, long argument) throws LastErrorException;

  int read(int fd, long into, long length) throws LastErrorException;

  int write(int fd, long from, long length) throws LastErrorException;

  int poll(long fds, long count, int millis) throws LastErrorException;

  int ppoll(long fds, long count, long timeout, long signals) throws LastErrorException;

  int eventfd(int initial, int flags) throws LastErrorException;

  /** Machines of 64 bits. */
  final class Wide implements LibC {

    @Override
    public int open(String path, int flags, int mode) {
      return WideCalls.open(path, flags, mode);
    }

    @Override
    public int close(int fd) {
      return WideCalls.close(fd);
    }

    @Override
    public int ioctl(int fd, long request, long argument) {
      return WideCalls.ioctl(fd, request, argument);
    }

    @Override
    public int read(int fd, long into, long length) {
      return (int) WideCalls.read(fd, into, length);
    }

    @Override
    public int write(int fd, long from, long length) {
      return (int) WideCalls.write(fd, from, length);
    }

    @Override
    public int poll(long fds, long count, int millis) {
      return WideCalls.poll(fds, count, millis);
    }

    @Override
    public int ppoll(long fds, long count, long timeout, long signals) {
      return WideCalls.ppoll(fds, count, timeout, signals);
    }

    @Override
    public int eventfd(int initial, int flags) {
      return WideCalls.eventfd(initial, flags);
    }

    private static final class WideCalls {

      static {
        Native.register(WideCalls.class, NativeLibrary.getProcess());
      }

      private WideCalls() {}

      static native int open(String path, int flags, int mode) throws LastErrorException;

      static native int close(int fd) throws LastErrorException;

      static native int ioctl(int fd, long request, long argument) throws LastErrorException;

      static native long read(int fd, long into, long length) throws LastErrorException;

      static native long write(int fd, long from, long length) throws LastErrorException;

      static native int poll(long fds, long count, int millis) throws LastErrorException;

      static native int ppoll(long fds, long count, long timeout, long signals)
          throws LastErrorException;

      static native int eventfd(int initial, int flags) throws LastErrorException;
    }
  }

  /** Machines of 32 bits. */
  final class Narrow implements LibC {

    @Override
    public int open(String path, int flags, int mode) {
      return NarrowCalls.open(path, flags, mode);
    }

    @Override
    public int close(int fd) {
      return NarrowCalls.close(fd);
    }

    @Override
    public int ioctl(int fd, long request, long argument) {
      return NarrowCalls.ioctl(fd, (int) request, (int) argument);
    }

    @Override
    public int read(int fd, long into, long length) {
      return NarrowCalls.read(fd, (int) into, (int) length);
    }

    @Override
    public int write(int fd, long from, long length) {
      return NarrowCalls.write(fd, (int) from, (int) length);
    }

    @Override
    public int poll(long fds, long count, int millis) {
      return NarrowCalls.poll((int) fds, (int) count, millis);
    }

    @Override
    public int ppoll(long fds, long count, long timeout, long signals) {
      return NarrowCalls.ppoll((int) fds, (int) count, (int) timeout, (int) signals);
    }

    @Override
    public int eventfd(int initial, int flags) {
      return NarrowCalls.eventfd(initial, flags);
    }

    private static final class NarrowCalls {

      static {
        Native.register(NarrowCalls.class, NativeLibrary.getProcess());
      }

      private NarrowCalls() {}

      static native int open(String path, int flags, int mode) throws LastErrorException;

      static native int close(int fd) throws LastErrorException;

      static native int ioctl(int fd, int request, int argument) throws LastErrorException;

      static native int read(int fd, int into, int length) throws LastErrorException;

      static native int write(int fd, int from, int length) throws LastErrorException;

      static native int poll(int fds, int count, int millis) throws LastErrorException;

      static native int ppoll(int fds, int count, int timeout, int signals)
          throws LastErrorException;

      static native int eventfd(int initial, int flags) throws LastErrorException;
    }
  }
}
