package io.selvedge.api.bus;

import org.osgi.annotation.versioning.ProviderType;

/** One I2C bus. Called only on the thread of this bus. */
@ProviderType
public interface I2cBus {

  /**
   * The bus's stable name: its path in the device tree or the name of its adapter, never a number.
   */
  String name();

  /**
   * One combined transfer: writes, then reads after a repeated start. Either array may be empty.
   *
   * @param address 7-bit address, 0x08 to 0x77
   * @param write bytes to write
   * @param read filled with the bytes read
   * @throws BusException typed by what went wrong
   */
  void transfer(int address, byte[] write, byte[] read) throws BusException;
}
