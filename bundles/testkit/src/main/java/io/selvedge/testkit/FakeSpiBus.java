package io.selvedge.testkit;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.SpiBus;
import io.selvedge.api.bus.SpiMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * An SPI bus with chips given as code: what goes in, what comes out. A chip select without a chip
 * reads zeros, as a floating line with a pull-down does: SPI itself cannot tell that nobody is
 * there.
 */
public final class FakeSpiBus implements SpiBus {

  private final String name;
  private final Map<Integer, UnaryOperator<byte[]>> chips = new HashMap<>();
  private final List<String> transfers = new ArrayList<>();
  private final Fault fault = new Fault();

  public FakeSpiBus(String name) {
    this.name = name;
  }

  /** A chip that answers each transfer with as many bytes as it was sent. */
  public FakeSpiBus chip(int chipSelect, UnaryOperator<byte[]> chip) {
    chips.put(chipSelect, chip);
    return this;
  }

  /** A chip that answers these bytes, whatever it is sent. */
  public FakeSpiBus answer(int chipSelect, int... bytes) {
    return chip(chipSelect, sent -> Hex.bytes(bytes));
  }

  /** Takes a chip off the bus. */
  public void remove(int chipSelect) {
    chips.remove(chipSelect);
  }

  /** From now on each transfer fails like this. */
  public void fail(BusException.Kind kind) {
    fault.set(kind);
  }

  /** From now on the bus works again. */
  public void mend() {
    fault.mend();
  }

  /** All transfers so far: {@code 0 MODE_0 1000000 Hz [01, 80, 00]}. */
  public List<String> transfers() {
    return List.copyOf(transfers);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void transfer(int chipSelect, SpiMode mode, int hz, byte[] write, byte[] read)
      throws BusException {
    int length = Math.max(write.length, read.length);
    if (length == 0 || (write.length != read.length && write.length > 0 && read.length > 0)) {
      throw new IllegalArgumentException(
          "SPI writes ["
              + write.length
              + "] and reads ["
              + read.length
              + "] bytes; both must be of one length, or one of them empty");
    }
    byte[] sent = Arrays.copyOf(write, length);
    transfers.add(chipSelect + " " + mode + " " + hz + " Hz " + Hex.of(sent));
    fault.check(name);
    UnaryOperator<byte[]> chip = chips.get(chipSelect);
    byte[] answer = chip == null ? new byte[length] : Arrays.copyOf(chip.apply(sent), length);
    System.arraycopy(answer, 0, read, 0, read.length);
  }
}
