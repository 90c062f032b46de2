package io.selvedge.testkit;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.I2cBus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An I2C bus with register devices on it, as most sensors are: the first byte written chooses a
 * register, further bytes are stored from there on, bytes read come from there on; the register
 * number rises by itself and wraps after 255. An address without a device answers {@link
 * BusException.Kind#ABSENT}.
 */
public final class FakeI2cBus implements I2cBus {

  private final Map<Integer, byte[]> devices = new HashMap<>();
  private final Map<Integer, Integer> pointers = new HashMap<>();
  private final List<String> transfers = new ArrayList<>();
  private BusException.@Nullable Kind failure; // none while the bus works

  /** Puts bytes into registers of a device, and the device on the bus where it is new. */
  public FakeI2cBus put(int address, int register, int... bytes) {
    requireAddress(address);
    byte[] registers = devices.computeIfAbsent(address, a -> new byte[256]);
    for (int i = 0; i < bytes.length; i++) {
      registers[(register + i) & 0xff] = (byte) bytes[i];
    }
    return this;
  }

  /** Takes a device off the bus. */
  public void remove(int address) {
    devices.remove(address);
  }

  /** From now on each transfer fails like this. */
  public void fail(BusException.Kind kind) {
    failure = kind;
  }

  /** From now on the bus works again. */
  public void mend() {
    failure = null;
  }

  /** What registers of a device hold. */
  public byte[] registers(int address, int from, int count) {
    byte[] registers = devices.getOrDefault(address, new byte[256]);
    return Arrays.copyOfRange(registers, from, from + count);
  }

  /** All transfers so far: {@code 48 write [00] read 2}, hexadecimal but for the count. */
  public List<String> transfers() {
    return List.copyOf(transfers);
  }

  @Override
  public String name() {
    return "fake-i2c";
  }

  @Override
  public void transfer(int address, byte[] write, byte[] read) throws BusException {
    requireAddress(address);
    transfers.add(String.format("%02x write %s read %d", address, hex(write), read.length));
    if (failure != null) {
      throw new BusException(failure, "address [" + hex(address) + "]: " + failure);
    }
    byte[] registers = devices.get(address);
    if (registers == null) {
      throw new BusException(
          BusException.Kind.ABSENT, "nothing answers at address [" + hex(address) + "]");
    }
    int pointer = write.length > 0 ? write[0] & 0xff : pointers.getOrDefault(address, 0);
    for (int i = 1; i < write.length; i++) {
      registers[pointer++ & 0xff] = write[i];
    }
    for (int i = 0; i < read.length; i++) {
      read[i] = registers[pointer++ & 0xff];
    }
    pointers.put(address, pointer & 0xff);
  }

  private static void requireAddress(int address) {
    if (address < 0x08 || address > 0x77) {
      throw new IllegalArgumentException(
          "I2C address [" + hex(address) + "] must be from 0x08 to 0x77");
    }
  }

  private static String hex(int address) {
    return String.format("0x%02x", address);
  }

  private static String hex(byte[] bytes) {
    List<String> all = new ArrayList<>();
    for (byte one : bytes) {
      all.add(String.format("%02x", one));
    }
    return all.toString();
  }
}
