package io.selvedge.driver.bme280;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.I2cBus;
import io.selvedge.api.bus.SpiBus;
import io.selvedge.api.bus.SpiMode;

/** The chip's registers, however it is wired (6.1). */
interface Registers {

  byte[] read(int register, int length) throws BusException;

  void write(int register, int value) throws BusException;

  /** I2C: 6.2. */
  static Registers i2c(I2cBus bus, int address) {
    return new Registers() {
      @Override
      public byte[] read(int register, int length) throws BusException {
        return bus.readRegister(address, register, length);
      }

      @Override
      public void write(int register, int value) throws BusException {
        bus.writeRegister(address, register, value);
      }

      @Override
      public String toString() {
        return String.format("0x%02x", address);
      }
    };
  }

  /** SPI: 6.3. Seven bits of the register's number are sent; the first bit says read or write. */
  static Registers spi(SpiBus bus, int chipSelect) {
    int hz = 10_000_000; // 6.4
    return new Registers() {
      @Override
      public byte[] read(int register, int length) throws BusException {
        byte[] control = {(byte) (register | 0x80)};
        return bus.writeThenRead(chipSelect, SpiMode.MODE_0, hz, control, length);
      }

      @Override
      public void write(int register, int value) throws BusException {
        byte[] both = {(byte) (register & 0x7f), (byte) value};
        bus.transfer(chipSelect, SpiMode.MODE_0, hz, both, new byte[0]);
      }

      @Override
      public String toString() {
        return "chip select " + chipSelect + " of " + bus.name();
      }
    };
  }
}
