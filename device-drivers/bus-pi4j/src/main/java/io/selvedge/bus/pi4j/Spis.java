package io.selvedge.bus.pi4j;

import com.pi4j.io.spi.Spi;
import com.pi4j.io.spi.SpiBase;
import com.pi4j.io.spi.SpiConfig;
import com.pi4j.io.spi.SpiProvider;
import com.pi4j.io.spi.SpiProviderBase;
import io.selvedge.api.bus.SpiBus;
import io.selvedge.api.bus.SpiMode;
import java.util.Arrays;
import java.util.Objects;

/** Pi4J's SPI devices. */
final class Spis extends SpiProviderBase {

  private final Wiring wiring;

  Spis(String id, Wiring wiring) {
    super(id, "Selvedge: SPI of Linux");
    this.wiring = wiring;
  }

  @Override
  public Spi create(SpiConfig config) {
    SpiBus bus = wiring.buses().spi(wiring.names().spi(config.bus().getBus()));
    return wiring.register(this, new Device(this, config, bus), () -> true);
  }

  private static final class Device extends SpiBase {
    private final SpiBus bus;
    private final int chipSelect;
    private final int hz;
    private final SpiMode mode;

    Device(SpiProvider provider, SpiConfig config, SpiBus bus) {
      super(provider, config);
      this.bus = bus;
      this.chipSelect =
          Objects.requireNonNull(config.address(), "an SPI device needs a chip select");
      this.hz = Objects.requireNonNullElse(config.baud(), Spi.DEFAULT_BAUD);
      this.mode = SpiMode.valueOf(config.mode().name());
      this.isOpen = true;
    }

    @Override
    public int transfer(byte[] write, int writeOffset, byte[] read, int readOffset, int length) {
      byte[] sent = Arrays.copyOfRange(write, writeOffset, writeOffset + length);
      byte[] came = new byte[length];
      Failures.run(() -> bus.transfer(chipSelect, mode, hz, sent, came));
      System.arraycopy(came, 0, read, readOffset, length);
      return length;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      int unused = read(one, 0, 1);
      return one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      return transfer(new byte[length], 0, buffer, offset, length);
    }

    @Override
    public int write(byte b) {
      return write(new byte[] {b}, 0, 1);
    }

    @Override
    public int write(byte[] data, int offset, int length) {
      return transfer(data, offset, new byte[length], 0, length);
    }
  }
}
