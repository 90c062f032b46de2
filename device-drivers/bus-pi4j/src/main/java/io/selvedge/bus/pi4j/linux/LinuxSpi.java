package io.selvedge.bus.pi4j.linux;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.SpiBus;
import io.selvedge.api.bus.SpiMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** An SPI bus by the name of its controller; each chip select is a device file of spidev. */
final class LinuxSpi implements SpiBus {

  private static final int MOST_BYTES = 4096; // spidev's buffer, unless the kernel was told else

  private final String name;
  private final Kernel kernel;
  private final Listing listing;
  private final Block transfer;
  private final Map<Integer, Chip> chips = new HashMap<>();
  private Block data;

  private record Chip(int fd, Path device, SpiMode mode) {}

  LinuxSpi(String name, Kernel kernel, Listing listing) {
    this.name = name;
    this.kernel = kernel;
    this.listing = listing;
    this.transfer = kernel.allocate(Abi.SPI_TRANSFER_SIZE);
    this.data = kernel.allocate(64);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public synchronized void transfer(int chipSelect, SpiMode mode, int hz, byte[] write, byte[] read)
      throws BusException {
    int length = Math.max(write.length, read.length);
    check(chipSelect, hz, length, write, read);
    Chip chip = open(chipSelect, mode);
    if (data.bytes.capacity() < length) {
      data = kernel.allocate(length);
    }
    for (int i = 0; i < length; i++) {
      data.bytes.put(i, i < write.length ? write[i] : 0);
    }
    transfer.bytes.putLong(0, data.address);
    transfer.bytes.putLong(Abi.SPI_TRANSFER_RX, data.address);
    transfer.bytes.putInt(Abi.SPI_TRANSFER_LEN, length);
    transfer.bytes.putInt(Abi.SPI_TRANSFER_SPEED, hz);
    transfer.bytes.put(Abi.SPI_TRANSFER_BITS, (byte) 8);
    try {
      kernel.ioctl(chip.fd(), Abi.SPI_IOC_MESSAGE_1, transfer);
    } catch (Errno e) {
      if (e.isGone() || !Files.exists(chip.device())) {
        close(chipSelect);
      }
      throw e.as("chip select [" + chipSelect + "] of SPI bus [" + name + "]");
    }
    for (int i = 0; i < read.length; i++) {
      read[i] = data.bytes.get(i);
    }
  }

  private static void check(int chipSelect, int hz, int length, byte[] write, byte[] read) {
    if (length == 0
        || length > MOST_BYTES
        || (write.length != read.length && write.length > 0 && read.length > 0)) {
      throw new IllegalArgumentException(
          "SPI writes ["
              + write.length
              + "] and reads ["
              + read.length
              + "] bytes; both must be of one length from 1 to "
              + MOST_BYTES
              + ", or one of them empty");
    }
    if (chipSelect < 0 || hz < 1) {
      throw new IllegalArgumentException(
          "SPI chip select ["
              + chipSelect
              + "] must be 0 or more, clock ["
              + hz
              + "] Hz 1 or more");
    }
  }

  private Chip open(int chipSelect, SpiMode mode) throws BusException {
    Chip known = chips.get(chipSelect);
    if (known != null && known.mode() == mode) {
      return known;
    }
    close(chipSelect);
    Found bus = Listing.require(listing.spi(), "SPI bus", name);
    Path device = bus.device().resolveSibling("spidev" + bus.number() + "." + chipSelect);
    int fd = Devices.open(kernel, listing.tree(), device, Listing.GROUP_SPI, 0);
    try {
      Block number = kernel.allocate(1);
      number.bytes.put(0, bits(mode));
      kernel.ioctl(fd, Abi.SPI_IOC_WR_MODE, number);
    } catch (Errno e) {
      kernel.close(fd);
      throw e.as(mode + " of chip select [" + chipSelect + "] of SPI bus [" + name + "]");
    }
    Chip chip = new Chip(fd, device, mode);
    chips.put(chipSelect, chip);
    return chip;
  }

  /** SPI_CPHA is 1, SPI_CPOL is 2. */
  private static byte bits(SpiMode mode) {
    return switch (mode) {
      case MODE_0 -> 0;
      case MODE_1 -> 1;
      case MODE_2 -> 2;
      case MODE_3 -> 3;
    };
  }

  private void close(int chipSelect) {
    Chip known = chips.remove(chipSelect);
    if (known != null) {
      kernel.close(known.fd());
    }
  }

  synchronized void close() {
    chips.values().forEach(chip -> kernel.close(chip.fd()));
    chips.clear();
  }
}
