package io.selvedge.bus.pi4j.linux;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.BusException.Kind;
import io.selvedge.api.bus.I2cBus;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An I2C bus by the name of its adapter. A transfer is one {@code I2C_RDWR}: the kernel puts a
 * repeated start between writing and reading, and no other user of the bus can come between.
 *
 * <p>An adapter that is unplugged cannot go away while a descriptor of it is open; so its device
 * file is looked for now and then, and after each fault, and the descriptor closed when it is gone.
 */
final class LinuxI2c implements I2cBus {

  private static final int CLOSED = -1;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** In units of 10 ms: a bus that hangs holds up its devices for so long, not for a second. */
  private static final long TIMEOUT_UNITS = 20;

  private static final int MESSAGES = 2;
  private static final int MOST_BYTES = 8192; // of a message, in the kernel

  private final String name;
  private final Kernel kernel;
  private final Listing listing;
  private final int messages; // where they begin in a block
  private final int messageSize;
  private final int data; // where bytes begin in a block
  private Block block;
  private int fd = CLOSED;
  private @Nullable Found adapter; // none while it is not open
  private long looked;

  LinuxI2c(String name, Kernel kernel, Listing listing) {
    this.name = name;
    this.kernel = kernel;
    this.listing = listing;
    this.messages = Abi.i2cTransferSize(kernel.pointerSize());
    this.messageSize = Abi.i2cMessageSize(kernel.pointerSize());
    this.data = messages + MESSAGES * messageSize;
    this.block = kernel.allocate(data + 64);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public synchronized void transfer(int address, byte[] write, byte[] read) throws BusException {
    check(address, write, read);
    open();
    prepare(address, write, read);
    try {
      kernel.ioctl(fd, Abi.I2C_RDWR, block);
    } catch (Errno e) {
      throw failed(address, e);
    }
    int from = data + write.length;
    ByteBuffer bytes = block.bytes;
    for (int i = 0; i < read.length; i++) {
      read[i] = bytes.get(from + i);
    }
  }

  private static void check(int address, byte[] write, byte[] read) {
    if (address < FIRST_ADDRESS || address > LAST_ADDRESS) {
      throw new IllegalArgumentException(
          String.format("I2C address [0x%02x] must be from 0x08 to 0x77", address));
    }
    if (write.length + read.length == 0 || write.length > MOST_BYTES || read.length > MOST_BYTES) {
      throw new IllegalArgumentException(
          "I2C transfer of ["
              + write.length
              + "] and ["
              + read.length
              + "] bytes must have at least one, and at most "
              + MOST_BYTES
              + " each way");
    }
  }

  private void prepare(int address, byte[] write, byte[] read) {
    if (block.bytes.capacity() < data + write.length + read.length) {
      block = kernel.allocate(data + write.length + read.length);
    }
    int count = 0;
    if (write.length > 0) {
      message(count++, address, 0, write.length, data);
    }
    if (read.length > 0) {
      message(count++, address, Abi.I2C_M_RD, read.length, data + write.length);
    }
    pointer(0, block.address + messages);
    block.bytes.putInt(kernel.pointerSize(), count);
    for (int i = 0; i < write.length; i++) {
      block.bytes.put(data + i, write[i]);
    }
  }

  private void message(int index, int address, int flags, int length, int at) {
    int message = messages + index * messageSize;
    block.bytes.putShort(message, (short) address);
    block.bytes.putShort(message + Abi.I2C_MSG_FLAGS, (short) flags);
    block.bytes.putShort(message + Abi.I2C_MSG_LEN, (short) length);
    pointer(message + Abi.I2C_MSG_BUF, block.address + at);
  }

  private void pointer(int at, long address) {
    if (kernel.pointerSize() == Long.BYTES) {
      block.bytes.putLong(at, address);
    } else {
      block.bytes.putInt(at, (int) address);
    }
  }

  private void open() throws BusException {
    long now = System.nanoTime();
    if (fd != CLOSED && now - looked > LOOK_NANOS) {
      looked = now;
      closeIfGone();
    }
    if (fd != CLOSED) {
      return;
    }
    Found found = Listing.require(listing.i2c(), "I2C bus", name);
    int opened = Devices.open(kernel, listing.tree(), found.device(), Listing.GROUP_I2C, 0);
    try {
      prove(opened);
    } catch (Errno e) {
      kernel.close(opened);
      throw e.as("I2C bus [" + name + "]");
    }
    fd = opened;
    adapter = found;
    looked = now;
  }

  private void prove(int opened) throws Errno {
    Block functions = kernel.allocate(Long.BYTES);
    kernel.ioctl(opened, Abi.I2C_FUNCS, functions);
    if ((functions.bytes.get(0) & Abi.I2C_FUNC_I2C) == 0) { // an SMBus alone, as in PCs
      throw new Errno(Errno.EOPNOTSUPP);
    }
    kernel.ioctl(opened, Abi.I2C_TIMEOUT, TIMEOUT_UNITS);
  }

  private BusException failed(int address, Errno e) {
    closeIfGone();
    String device = String.format("address [0x%02x] of I2C bus [%s]", address, name);
    if (e.isGone() || fd == CLOSED) {
      close();
      return new BusException(Kind.ABSENT, "I2C bus [" + name + "] has gone", e);
    }
    if (e.number == Errno.ETIMEDOUT) {
      return new BusException(
          Kind.TIMEOUT,
          device
              + ": no answer in time [ETIMEDOUT]; where it stays so, a device holds the bus down:"
              + " take its power away for a moment, and look at the pull-up resistors",
          e);
    }
    return e.as(device);
  }

  private void closeIfGone() {
    Found now = adapter;
    if (now != null && !Files.exists(now.device())) {
      close();
    }
  }

  synchronized void close() {
    if (fd != CLOSED) {
      kernel.close(fd);
      fd = CLOSED;
      adapter = null;
    }
  }
}
