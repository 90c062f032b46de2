package io.selvedge.bench.inside;

import io.selvedge.api.bus.I2cBus;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import java.util.List;

/** The smallest driver for I2C: one register of two bytes. Tells when it was read, too. */
final class RegisterDriver implements Driver {

  private final I2cBus bus;
  private final int address;
  private long last;

  RegisterDriver(I2cBus bus, int address) {
    this.bus = bus;
    this.address = address;
  }

  @Override
  public List<Channel> channels() {
    return List.of(Channel.whole("register", "1"), Channel.whole("gap", "ns"));
  }

  @Override
  public List<Reading> read() throws DeviceException {
    long now = System.nanoTime();
    long gap = last == 0 ? 0 : now - last;
    last = now;
    byte[] word = bus.readRegister(address, 0, 2);
    return List.of(
        Reading.of("register", ((word[0] & 0xffL) << 8) | (word[1] & 0xffL)),
        Reading.of("gap", gap));
  }
}
