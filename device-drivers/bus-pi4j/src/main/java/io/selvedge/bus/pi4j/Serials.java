package io.selvedge.bus.pi4j;

import com.pi4j.io.exception.IOException;
import com.pi4j.io.serial.Serial;
import com.pi4j.io.serial.SerialBase;
import com.pi4j.io.serial.SerialConfig;
import com.pi4j.io.serial.SerialProvider;
import com.pi4j.io.serial.SerialProviderBase;
import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.SerialLink;
import io.selvedge.api.bus.SerialOptions;
import io.selvedge.api.bus.SerialOptions.Parity;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;

/** Pi4J's serial ports. */
final class Serials extends SerialProviderBase {

  private final Wiring wiring;

  Serials(String id, Wiring wiring) {
    super(id, "Selvedge: serial ports of Linux");
    this.wiring = wiring;
  }

  @Override
  public Serial create(SerialConfig config) {
    String path = Objects.requireNonNull(config.device(), "a serial port needs a device");
    SerialLink link = wiring.buses().serial(path).open(options(config));
    return wiring.register(this, new Port(this, config, link), () -> true);
  }

  private static SerialOptions options(SerialConfig config) {
    Parity parity =
        switch (config.parity()) {
          case NONE -> Parity.NONE;
          case EVEN -> Parity.EVEN;
          case ODD -> Parity.ODD;
          case MARK, SPACE ->
              throw new IOException("parity [" + config.parity() + "] must be NONE, EVEN or ODD");
        };
    return new SerialOptions(
        Objects.requireNonNullElse(config.baud(), Serial.DEFAULT_BAUD),
        config.dataBits().value(),
        parity,
        config.stopBits().value());
  }

  private static final class Port extends SerialBase {
    private static final Duration FIRST_BYTE = Duration.ofSeconds(1);

    private final SerialLink link;
    private final Deque<Byte> waiting = new ArrayDeque<>();

    Port(SerialProvider provider, SerialConfig config, SerialLink link) {
      super(provider, config);
      this.link = link;
    }

    @Override
    public void open() {
      fetch(Duration.ZERO);
      super.open();
    }

    @Override
    public void close() {
      link.close();
      super.close();
    }

    @Override
    public synchronized int available() {
      fetch(Duration.ZERO);
      return waiting.size();
    }

    @Override
    public synchronized int read() {
      if (available() == 0) {
        fetch(FIRST_BYTE);
      }
      Byte next = waiting.poll();
      return next == null ? -1 : next & 0xff;
    }

    @Override
    public synchronized int read(byte[] buffer, int offset, int length) {
      if (available() == 0) {
        fetch(FIRST_BYTE);
      }
      int count = Math.min(length, waiting.size());
      for (int i = 0; i < count; i++) {
        buffer[offset + i] = waiting.remove();
      }
      return count;
    }

    @Override
    public int write(byte b) {
      return write(new byte[] {b}, 0, 1);
    }

    @Override
    public int write(byte[] data, int offset, int length) {
      try {
        link.write(Arrays.copyOfRange(data, offset, offset + length));
        return length;
      } catch (BusException e) {
        throw new IOException(e.getMessage(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while writing", e);
      }
    }

    private void fetch(Duration timeout) {
      try {
        byte[] buffer = new byte[1024];
        int count = link.read(buffer, timeout);
        for (int i = 0; i < count; i++) {
          waiting.add(buffer[i]);
        }
      } catch (BusException e) {
        throw new IOException(e.getMessage(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while reading", e);
      }
    }
  }
}
