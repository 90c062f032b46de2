package io.selvedge.bus.pi4j.linux;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.GpioOutput;
import io.selvedge.api.bus.OutputOptions;
import io.selvedge.api.bus.OutputOptions.Initial;

/** A line that is driven. Taken at the first call, and anew after its chip was away. */
final class LinuxOutput implements GpioOutput {

  private static final int FREE = -1;

  private final LineTaker taker;
  private final OutputOptions options;
  private final Kernel kernel;
  private final Block values;
  private int fd = FREE;

  LinuxOutput(LineTaker taker, OutputOptions options, Kernel kernel) {
    this.taker = taker;
    this.options = options;
    this.kernel = kernel;
    this.values = kernel.allocate(Abi.VALUES_SIZE);
  }

  @Override
  public synchronized void set(boolean on) throws BusException {
    take();
    try {
      values.bytes.putLong(0, on ? 1 : 0);
      values.bytes.putLong(Abi.VALUES_MASK, 1);
      kernel.ioctl(fd, Abi.GPIO_V2_LINE_SET_VALUES, values);
    } catch (Errno e) {
      throw failed(e);
    }
  }

  @Override
  public synchronized boolean read() throws BusException {
    take();
    try {
      return taker.value(fd, values);
    } catch (Errno e) {
      throw failed(e);
    }
  }

  @Override
  public synchronized void close() {
    if (fd != FREE) {
      kernel.close(fd);
      fd = FREE;
    }
  }

  private void take() throws BusException {
    if (fd != FREE) {
      return;
    }
    if (options.initial() == Initial.KEEP) {
      keep();
    } else {
      long value = options.initial() == Initial.ON ? 1 : 0;
      fd = taker.take(flags(), Abi.ATTR_ID_OUTPUT_VALUES, value);
    }
  }

  /** First takes the line as it is, to see its level, then drives it so: nothing moves between. */
  private void keep() throws BusException {
    fd = taker.take(0, 0, 0);
    try {
      boolean high = taker.value(fd, values);
      boolean on = high != options.activeLow();
      taker.reconfigure(fd, flags(), Abi.ATTR_ID_OUTPUT_VALUES, on ? 1 : 0);
    } catch (Errno e) {
      close();
      throw e.as(taker.where());
    }
  }

  private BusException failed(Errno e) {
    if (e.isGone()) {
      close();
    }
    return e.as(taker.where());
  }

  private long flags() {
    long drive =
        switch (options.drive()) {
          case PUSH_PULL -> 0;
          case OPEN_DRAIN -> Abi.FLAG_OPEN_DRAIN;
          case OPEN_SOURCE -> Abi.FLAG_OPEN_SOURCE;
        };
    return Abi.FLAG_OUTPUT | drive | (options.activeLow() ? Abi.FLAG_ACTIVE_LOW : 0);
  }
}
