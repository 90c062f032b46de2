package io.selvedge.testkit;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.I2cBus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An I2C bus with chips on it. Most are register chips, as most sensors are: the first byte written
 * chooses a register, further bytes are stored from there on, bytes read come from there on; the
 * register number rises by itself and wraps after 255. Others are given as code ({@link #chip}). An
 * address without a chip answers {@link BusException.Kind#ABSENT}.
 */
public final class FakeI2cBus implements I2cBus {

  /** A chip that has no registers of one byte. */
  @FunctionalInterface
  public interface Chip {
    /**
     * One transfer.
     *
     * @param write what is written, may be empty
     * @param read to be filled, may be empty
     */
    void transfer(byte[] write, byte[] read) throws BusException;
  }

  private final String name;
  private final Map<Integer, Chip> chips = new HashMap<>();
  private final List<String> transfers = new ArrayList<>();
  private final Fault fault = new Fault();

  public FakeI2cBus() {
    this("fake-i2c");
  }

  public FakeI2cBus(String name) {
    this.name = name;
  }

  /** Puts bytes into registers of a chip, and the chip on the bus where it is new. */
  public FakeI2cBus put(int address, int register, int... bytes) {
    requireAddress(address);
    if (!(chips.get(address) instanceof Registers)) {
      chips.put(address, new Registers());
    }
    byte[] values = registers(address);
    for (int i = 0; i < bytes.length; i++) {
      values[(register + i) & 0xff] = (byte) bytes[i];
    }
    return this;
  }

  /**
   * Puts a word into a register of a chip whose registers are of 16 bits, most significant byte
   * first, and the chip on the bus where it is new.
   */
  public FakeI2cBus putWord(int address, int register, int word) {
    requireAddress(address);
    if (!(chips.get(address) instanceof WordRegisters)) {
      chips.put(address, new WordRegisters());
    }
    ((WordRegisters) chips.get(address)).words[register & 0xff] = word & 0xffff;
    return this;
  }

  /** What a register of 16 bits holds. */
  public int word(int address, int register) {
    return chips.get(address) instanceof WordRegisters known ? known.words[register & 0xff] : 0;
  }

  /** Puts a chip on the bus that behaves as this code says. */
  public FakeI2cBus chip(int address, Chip chip) {
    requireAddress(address);
    chips.put(address, chip);
    return this;
  }

  /** Takes a chip off the bus. */
  public void remove(int address) {
    chips.remove(address);
  }

  /** From now on each transfer fails like this. */
  public void fail(BusException.Kind kind) {
    fault.set(kind);
  }

  /** From now on the bus works again. */
  public void mend() {
    fault.mend();
  }

  /** What registers of a chip hold. */
  public byte[] registers(int address, int from, int count) {
    return Arrays.copyOfRange(registers(address), from, from + count);
  }

  /** All transfers so far: {@code 48 write [00] read 2}, hexadecimal but for the count. */
  public List<String> transfers() {
    return List.copyOf(transfers);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void transfer(int address, byte[] write, byte[] read) throws BusException {
    requireAddress(address);
    if (write.length == 0 && read.length == 0) {
      throw new IllegalArgumentException("a transfer must write or read at least one byte");
    }
    transfers.add(String.format("%02x write %s read %d", address, Hex.of(write), read.length));
    fault.check(name);
    Chip chip = chips.get(address);
    if (chip == null) {
      throw new BusException(
          BusException.Kind.ABSENT, "nothing answers at address [" + Hex.of(address) + "]");
    }
    chip.transfer(write, read);
  }

  private byte[] registers(int address) {
    return chips.get(address) instanceof Registers known
        ? known.values
        : new byte[256]; // nothing there, or nothing that has registers
  }

  private static void requireAddress(int address) {
    if (address < FIRST_ADDRESS || address > LAST_ADDRESS) {
      throw new IllegalArgumentException(
          "I2C address [" + Hex.of(address) + "] must be from 0x08 to 0x77");
    }
  }

  private static final class Registers implements Chip {
    private final byte[] values = new byte[256];
    private int pointer;

    @Override
    public void transfer(byte[] write, byte[] read) {
      Objects.requireNonNull(write, "write must not be null");
      if (write.length > 0) {
        pointer = write[0] & 0xff;
      }
      for (int i = 1; i < write.length; i++) {
        values[pointer++ & 0xff] = write[i];
      }
      for (int i = 0; i < read.length; i++) {
        read[i] = values[pointer++ & 0xff];
      }
      pointer &= 0xff;
    }
  }

  private static final class WordRegisters implements Chip {
    private final int[] words = new int[256];
    private int pointer;

    @Override
    public void transfer(byte[] write, byte[] read) {
      if (write.length > 0) {
        pointer = write[0] & 0xff;
      }
      if (write.length > 2) {
        words[pointer] = (write[1] & 0xff) << 8 | (write[2] & 0xff);
      }
      for (int i = 0; i < read.length; i++) {
        read[i] = (byte) (i % 2 == 0 ? words[pointer] >> 8 : words[pointer]);
      }
    }
  }
}
