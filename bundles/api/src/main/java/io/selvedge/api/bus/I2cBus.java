package io.selvedge.api.bus;

import org.osgi.annotation.versioning.ProviderType;

/** One I2C bus. A call may block for as long as the bus's own time limit, about a second. */
@ProviderType
public interface I2cBus {

  /** The lowest address that a device may have; those below are reserved. */
  int FIRST_ADDRESS = 0x08;

  /** The highest address that a device may have. */
  int LAST_ADDRESS = 0x77;

  /**
   * A device's address as its data sheet writes it: {@code 0x48}, or {@code 72}.
   *
   * @throws IllegalArgumentException it is no address
   */
  static int address(String text) {
    String digits = text.strip();
    try {
      int address =
          digits.startsWith("0x")
              ? Integer.parseInt(digits.substring(2), 16)
              : Integer.parseInt(digits);
      if (address >= FIRST_ADDRESS && address <= LAST_ADDRESS) {
        return address;
      }
    } catch (NumberFormatException e) {
      // falls through to the one message
    }
    throw new IllegalArgumentException(
        "I2C address [" + text + "] must be from 0x08 to 0x77, for example [0x48]");
  }

  /** The name by which it was asked for. */
  String name();

  /**
   * One combined transfer: writes, then reads after a repeated start. Either array may be empty,
   * not both.
   *
   * @param address 7-bit address, 0x08 to 0x77
   * @param write bytes to write
   * @param read filled with the bytes read
   * @throws BusException typed by what went wrong
   */
  void transfer(int address, byte[] write, byte[] read) throws BusException;

  /** Reads from a register on: its number is written, then {@code length} bytes are read. */
  default byte[] readRegister(int address, int register, int length) throws BusException {
    byte[] read = new byte[length];
    transfer(address, new byte[] {(byte) register}, read);
    return read;
  }

  /** Writes from a register on: its number, then the bytes. */
  default void writeRegister(int address, int register, int... bytes) throws BusException {
    byte[] write = new byte[bytes.length + 1];
    write[0] = (byte) register;
    for (int i = 0; i < bytes.length; i++) {
      write[i + 1] = (byte) bytes[i];
    }
    transfer(address, write, new byte[0]);
  }

  /** Reads without writing anything before. */
  default byte[] read(int address, int length) throws BusException {
    byte[] read = new byte[length];
    transfer(address, new byte[0], read);
    return read;
  }

  /** Writes bytes, for example a command of two. */
  default void write(int address, int... bytes) throws BusException {
    byte[] write = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      write[i] = (byte) bytes[i];
    }
    transfer(address, write, new byte[0]);
  }
}
