package io.selvedge.api.bus;

import java.util.Arrays;
import org.osgi.annotation.versioning.ProviderType;

/** One SPI bus with its chip selects. */
@ProviderType
public interface SpiBus {

  /** The name by which it was asked for. */
  String name();

  /**
   * One transfer in both directions: as many bytes come as go. Either array may be empty, then
   * zeros go or what comes is dropped; otherwise both are of one length.
   *
   * @param chipSelect which device, from 0
   * @param hz the fastest clock that the device takes
   * @throws BusException typed by what went wrong
   */
  void transfer(int chipSelect, SpiMode mode, int hz, byte[] write, byte[] read)
      throws BusException;

  /** Writes, then reads, the device selected all the while: the way of registers. */
  default byte[] writeThenRead(int chipSelect, SpiMode mode, int hz, byte[] write, int length)
      throws BusException {
    byte[] both = new byte[write.length + length];
    transfer(chipSelect, mode, hz, Arrays.copyOf(write, both.length), both);
    return Arrays.copyOfRange(both, write.length, both.length);
  }

  /** Reads, and writes zeros meanwhile: the way of chips that have nothing to be told. */
  default byte[] read(int chipSelect, SpiMode mode, int hz, int length) throws BusException {
    return writeThenRead(chipSelect, mode, hz, new byte[0], length);
  }
}
