package io.selvedge.bus.pi4j.linux;

/** The few system calls that buses need. All that is native is behind this interface. */
interface Kernel {

  /**
   * Opens a device file.
   *
   * @return its file descriptor
   */
  int open(String path, int flags) throws Errno;

  /** Closes a descriptor. Never fails. */
  void close(int fd);

  /** A request with a structure, which the kernel may change. */
  void ioctl(int fd, long request, Block argument) throws Errno;

  /** A request with a number. */
  void ioctl(int fd, long request, long argument) throws Errno;

  /** Reads at most {@code length} bytes to the block's beginning. */
  int read(int fd, Block into, int length) throws Errno;

  /** Writes {@code length} bytes from the block's beginning. */
  int write(int fd, Block from, int length) throws Errno;

  /**
   * Waits for descriptors.
   *
   * @param fds as many {@code struct pollfd}
   * @param millis how long; below 0 for ever
   */
  void poll(Block fds, int count, int millis) throws Errno;

  /**
   * Waits for descriptors, as exactly as the kernel can.
   *
   * @param fds as many {@code struct pollfd}
   * @param nanos how long
   * @param timeout 16 bytes to tell the kernel in
   */
  void poll(Block fds, int count, long nanos, Block timeout) throws Errno;

  /** A descriptor that becomes readable when 8 bytes, a number above 0, are written to it. */
  int eventfd() throws Errno;

  /** Memory that the kernel can see, all zeros. */
  Block allocate(int size);

  /** Bytes of a pointer: 8, or 4 on armhf. */
  int pointerSize();
}
