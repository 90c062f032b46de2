package io.selvedge.bus.pi4j;

import com.pi4j.io.exception.IOException;
import com.pi4j.io.i2c.I2C;
import com.pi4j.io.i2c.I2CBase;
import com.pi4j.io.i2c.I2CBusBase;
import com.pi4j.io.i2c.I2CConfig;
import com.pi4j.io.i2c.I2CProvider;
import com.pi4j.io.i2c.I2CProviderBase;
import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.I2cBus;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/** Pi4J's I2C devices. Reading a register is one transfer, which nobody can come between. */
final class I2cs extends I2CProviderBase {

  private final Wiring wiring;
  private final Map<Integer, Lock> locks = new ConcurrentHashMap<>();

  I2cs(String id, Wiring wiring) {
    super(id, "Selvedge: I2C of Linux");
    this.wiring = wiring;
  }

  @Override
  public I2C create(I2CConfig config) {
    int number = Objects.requireNonNull(config.bus(), "an I2C device needs a bus");
    Lock lock = locks.computeIfAbsent(number, unused -> new Lock(config));
    I2cBus bus = wiring.buses().i2c(wiring.names().i2c(number));
    return wiring.register(this, new Device(this, config, lock, bus), () -> true);
  }

  private static final class Lock extends I2CBusBase {
    Lock(I2CConfig config) {
      super(config);
    }

    @Override
    public <R> R execute(I2C device, Callable<R> action) {
      return _execute(device, action);
    }
  }

  private static final class Device extends I2CBase<Lock> {
    private final I2cBus bus;
    private final int address;

    Device(I2CProvider provider, I2CConfig config, Lock lock, I2cBus bus) {
      super(provider, config, lock);
      this.bus = bus;
      this.address = Objects.requireNonNull(config.device(), "an I2C device needs an address");
    }

    private void transfer(byte[] write, byte[] read) {
      Optional<BusException> failure =
          i2CBus.execute(
              this,
              () -> {
                try {
                  bus.transfer(address, write, read);
                  return Optional.empty();
                } catch (BusException e) { // thrown here, Pi4J would hide what it says
                  return Optional.of(e);
                }
              });
      if (failure.isPresent()) {
        throw new IOException(failure.get().getMessage(), failure.get());
      }
    }

    private int transfer(byte[] write, byte[] buffer, int offset, int length) {
      Objects.checkFromIndexSize(offset, length, buffer.length);
      byte[] read = new byte[length];
      transfer(write, read);
      System.arraycopy(read, 0, buffer, offset, length);
      return length;
    }

    @Override
    public int read() {
      byte[] read = new byte[1];
      transfer(new byte[0], read);
      return read[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      return transfer(new byte[0], buffer, offset, length);
    }

    @Override
    public int write(byte b) {
      transfer(new byte[] {b}, new byte[0]);
      return 1;
    }

    @Override
    public int write(byte[] data, int offset, int length) {
      transfer(Arrays.copyOfRange(data, offset, offset + length), new byte[0]);
      return length;
    }

    @Override
    public int readRegister(int register) {
      byte[] read = new byte[1];
      transfer(new byte[] {(byte) register}, read);
      return read[0] & 0xff;
    }

    @Override
    public int readRegister(byte[] register, byte[] buffer, int offset, int length) {
      return transfer(register, buffer, offset, length);
    }

    @Override
    public int readRegister(int register, byte[] buffer, int offset, int length) {
      return transfer(new byte[] {(byte) register}, buffer, offset, length);
    }

    @Override
    public int writeRegister(int register, byte b) {
      transfer(new byte[] {(byte) register, b}, new byte[0]);
      return 1;
    }

    @Override
    public int writeRegister(int register, byte[] data, int offset, int length) {
      return writeRegister(new byte[] {(byte) register}, data, offset, length);
    }

    @Override
    public int writeRegister(byte[] register, byte[] data, int offset, int length) {
      Objects.checkFromIndexSize(offset, length, data.length);
      byte[] all = Arrays.copyOf(register, register.length + length);
      System.arraycopy(data, offset, all, register.length, length);
      transfer(all, new byte[0]);
      return length;
    }

    @Override
    public int writeRead(
        byte[] write, int writeOffset, int writeLength, byte[] read, int readOffset, int length) {
      byte[] sent = Arrays.copyOfRange(write, writeOffset, writeOffset + writeLength);
      return transfer(sent, read, readOffset, length);
    }
  }
}
