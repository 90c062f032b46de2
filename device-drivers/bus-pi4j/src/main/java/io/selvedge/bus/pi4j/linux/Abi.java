package io.selvedge.bus.pi4j.linux;

/**
 * Numbers and layouts of the kernel's interfaces, as {@code linux/gpio.h}, {@code linux/i2c-dev.h},
 * {@code linux/spi/spidev.h} and {@code asm-generic/termbits.h} have them. A test compiles a C
 * program against those headers and compares.
 */
final class Abi {

  static final int O_RDWR = 2;
  static final int O_NOCTTY = 0x100;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;

  static final long FIONBIO = 0x5421;

  static final int POLLFD_SIZE = 8;
  static final int POLLFD_EVENTS = 4;
  static final int POLLFD_REVENTS = 6;
  static final int POLLIN = 1;
  static final int POLLOUT = 4;
  static final int POLLERR = 8;
  static final int POLLHUP = 0x10;
  static final int POLLNVAL = 0x20;

  // linux/gpio.h, version 2 of the interface for lines
  static final long GPIO_GET_CHIPINFO = 0x8044B401L;
  static final long GPIO_V2_GET_LINEINFO = 0xC100B405L;
  static final long GPIO_V2_GET_LINE = 0xC250B407L;
  static final long GPIO_V2_LINE_SET_CONFIG = 0xC110B40DL;
  static final long GPIO_V2_LINE_GET_VALUES = 0xC010B40EL;
  static final long GPIO_V2_LINE_SET_VALUES = 0xC010B40FL;

  static final int CHIPINFO_SIZE = 68;
  static final int CHIPINFO_LABEL = 32;
  static final int CHIPINFO_LINES = 64;

  static final int LINEINFO_SIZE = 256;
  static final int LINEINFO_CONSUMER = 32;
  static final int LINEINFO_OFFSET = 64;
  static final int LINEINFO_FLAGS = 72;

  static final int REQUEST_SIZE = 592;
  static final int REQUEST_CONSUMER = 256;
  static final int REQUEST_CONFIG = 288;
  static final int REQUEST_NUM_LINES = 560;
  static final int REQUEST_EVENT_BUFFER_SIZE = 564;
  static final int REQUEST_FD = 588;

  /** Within a line configuration, which a request holds at {@link #REQUEST_CONFIG}. */
  static final int CONFIG_SIZE = 272;

  static final int CONFIG_FLAGS = 0;
  static final int CONFIG_NUM_ATTRS = 8;
  static final int CONFIG_ATTRS = 32;
  static final int ATTR_SIZE = 24;
  static final int ATTR_VALUE = 8;
  static final int ATTR_MASK = 16;
  static final int ATTR_ID_OUTPUT_VALUES = 2;
  static final int ATTR_ID_DEBOUNCE = 3;

  static final int VALUES_SIZE = 16;
  static final int VALUES_MASK = 8;

  static final long FLAG_USED = 1;
  static final long FLAG_ACTIVE_LOW = 1 << 1;
  static final long FLAG_INPUT = 1 << 2;
  static final long FLAG_OUTPUT = 1 << 3;
  static final long FLAG_EDGE_RISING = 1 << 4;
  static final long FLAG_EDGE_FALLING = 1 << 5;
  static final long FLAG_OPEN_DRAIN = 1 << 6;
  static final long FLAG_OPEN_SOURCE = 1 << 7;
  static final long FLAG_BIAS_PULL_UP = 1 << 8;
  static final long FLAG_BIAS_PULL_DOWN = 1 << 9;
  static final long FLAG_BIAS_DISABLED = 1 << 10;

  static final int EVENT_SIZE = 48;
  static final int EVENT_TIMESTAMP = 0;
  static final int EVENT_ID = 8;
  static final int EVENT_LINE_SEQNO = 20;
  static final int EVENT_RISING = 1;

  // linux/i2c-dev.h, linux/i2c.h
  static final long I2C_RETRIES = 0x0701;
  static final long I2C_TIMEOUT = 0x0702;
  static final long I2C_FUNCS = 0x0705;
  static final long I2C_RDWR = 0x0707;
  static final long I2C_FUNC_I2C = 1;
  static final int I2C_M_RD = 1;
  static final int I2C_MSG_FLAGS = 2;
  static final int I2C_MSG_LEN = 4;
  static final int I2C_MSG_BUF = 8;

  // linux/spi/spidev.h
  static final long SPI_IOC_WR_MODE = 0x40016B01L;
  static final long SPI_IOC_MESSAGE_1 = 0x40206B00L;
  static final int SPI_TRANSFER_SIZE = 32;
  static final int SPI_TRANSFER_RX = 8;
  static final int SPI_TRANSFER_LEN = 16;
  static final int SPI_TRANSFER_SPEED = 20;
  static final int SPI_TRANSFER_BITS = 26;

  // asm-generic/termbits.h and ioctls.h: struct termios2, any baud rate
  static final long TCGETS2 = 0x802C542AL;
  static final long TCSETS2 = 0x402C542BL;
  static final long TCFLSH = 0x540B;
  static final long TIOCEXCL = 0x540C;
  static final int TERMIOS2_SIZE = 44;
  static final int TERMIOS2_OFLAG = 4;
  static final int TERMIOS2_CFLAG = 8;
  static final int TERMIOS2_LFLAG = 12;
  static final int TERMIOS2_CC = 17;
  static final int TERMIOS2_ISPEED = 36;
  static final int TERMIOS2_OSPEED = 40;
  static final int VTIME = 5;
  static final int VMIN = 6;
  static final int CS5 = 0;
  static final int CSTOPB = 0x40;
  static final int CREAD = 0x80;
  static final int PARENB = 0x100;
  static final int PARODD = 0x200;
  static final int CLOCAL = 0x800;
  static final int BOTHER = 0x1000;
  static final int IBSHIFT = 16;
  static final int INPCK = 0x10;
  static final int TCIOFLUSH = 2;

  private Abi() {}

  /** Size of {@code struct i2c_msg}: its pointer is aligned to its size. */
  static int i2cMessageSize(int pointerSize) {
    return I2C_MSG_BUF + pointerSize;
  }

  /** Size of {@code struct i2c_rdwr_ioctl_data}: a pointer and a number, aligned. */
  static int i2cTransferSize(int pointerSize) {
    return 2 * pointerSize;
  }
}
