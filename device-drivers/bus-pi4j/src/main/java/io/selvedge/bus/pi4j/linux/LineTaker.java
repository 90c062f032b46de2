package io.selvedge.bus.pi4j.linux;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.BusException.Kind;
import java.nio.charset.StandardCharsets;

/** Takes a line of a chip from the kernel, by version 2 of its interface. */
final class LineTaker {

  private static final byte[] CONSUMER = "selvedge".getBytes(StandardCharsets.US_ASCII);

  /** Edges that the kernel keeps for us until we have read them; of more, it drops the oldest. */
  private static final int KERNEL_BUFFER = 1024;

  private final LinuxGpio chip;
  private final int line;

  LineTaker(LinuxGpio chip, int line) {
    this.chip = chip;
    this.line = line;
  }

  String where() {
    return "line [" + line + "] of GPIO chip [" + chip.name() + "]";
  }

  /**
   * Takes the line.
   *
   * @param flags how
   * @param attribute id of one more attribute; 0 for none
   * @param value the attribute's value
   * @return the line's descriptor
   */
  int take(long flags, int attribute, long value) throws BusException {
    Kernel kernel = chip.kernel();
    int fd = chip.openChip();
    try {
      Block request = kernel.allocate(Abi.REQUEST_SIZE);
      request.bytes.putInt(0, line);
      for (int i = 0; i < CONSUMER.length; i++) {
        request.bytes.put(Abi.REQUEST_CONSUMER + i, CONSUMER[i]);
      }
      configure(request, Abi.REQUEST_CONFIG, flags, attribute, value);
      request.bytes.putInt(Abi.REQUEST_NUM_LINES, 1);
      if ((flags & (Abi.FLAG_EDGE_RISING | Abi.FLAG_EDGE_FALLING)) != 0) {
        request.bytes.putInt(Abi.REQUEST_EVENT_BUFFER_SIZE, KERNEL_BUFFER);
      }
      kernel.ioctl(fd, Abi.GPIO_V2_GET_LINE, request);
      return request.bytes.getInt(Abi.REQUEST_FD);
    } catch (Errno e) {
      if (e.number == Errno.EBUSY) {
        throw new BusException(
            Kind.BUSY, where() + " is in use by [" + chip.userOf(fd, line) + "]", e);
      }
      if (e.number == Errno.EINVAL) {
        throw new BusException(
            Kind.IO, where() + ": no such line, or the chip cannot do what is asked [EINVAL]", e);
      }
      throw e.as(where());
    } finally {
      kernel.close(fd);
    }
  }

  /** Changes how a line that was taken is used, without giving it back between. */
  void reconfigure(int fd, long flags, int attribute, long value) throws Errno {
    Block config = chip.kernel().allocate(Abi.CONFIG_SIZE);
    configure(config, 0, flags, attribute, value);
    chip.kernel().ioctl(fd, Abi.GPIO_V2_LINE_SET_CONFIG, config);
  }

  private static void configure(Block block, int at, long flags, int attribute, long value) {
    block.bytes.putLong(at + Abi.CONFIG_FLAGS, flags);
    if (attribute != 0) {
      block.bytes.putInt(at + Abi.CONFIG_NUM_ATTRS, 1);
      int attr = at + Abi.CONFIG_ATTRS;
      block.bytes.putInt(attr, attribute);
      block.bytes.putLong(attr + Abi.ATTR_VALUE, value);
      block.bytes.putLong(attr + Abi.ATTR_MASK, 1);
    }
  }

  /** Whether the line is on. */
  boolean value(int fd, Block values) throws Errno {
    values.bytes.putLong(0, 0);
    values.bytes.putLong(Abi.VALUES_MASK, 1);
    chip.kernel().ioctl(fd, Abi.GPIO_V2_LINE_GET_VALUES, values);
    return (values.bytes.getLong(0) & 1) != 0;
  }
}
