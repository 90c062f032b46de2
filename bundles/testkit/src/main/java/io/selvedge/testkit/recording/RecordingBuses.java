package io.selvedge.testkit.recording;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.BusInfo;
import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.GpioBus;
import io.selvedge.api.bus.I2cBus;
import io.selvedge.api.bus.OneWireBus;
import io.selvedge.api.bus.PwmBus;
import io.selvedge.api.bus.SerialBus;
import io.selvedge.api.bus.SpiBus;
import io.selvedge.api.bus.SpiMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Buses that write down what goes over them. */
public final class RecordingBuses implements Buses {

  private final Buses real;
  private final Appendable to;

  /**
   * @param to what is written to, a line an exchange; called by the threads of all buses, one at a
   *     time
   */
  public RecordingBuses(Buses real, Appendable to) {
    this.real = real;
    this.to = to;
  }

  private String note(String bus, String request, Exchange.Call<String> call) throws BusException {
    try {
      String answer = call.make();
      write(new Exchange(bus, request, false, answer));
      return answer;
    } catch (BusException e) {
      write(new Exchange(bus, request, true, e.kind() + " " + e.getMessage()));
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BusException(BusException.Kind.TIMEOUT, "interrupted", e);
    }
  }

  private synchronized void write(Exchange exchange) {
    try {
      to.append(exchange.line());
    } catch (IOException e) {
      throw new UncheckedIOException("the recording cannot be written", e);
    }
  }

  @Override
  public I2cBus i2c(String name) {
    I2cBus bus = real.i2c(name);
    return new I2cBus() {
      @Override
      public String name() {
        return bus.name();
      }

      @Override
      public void transfer(int address, byte[] write, byte[] read) throws BusException {
        note(
            Exchange.key("i2c", name),
            Requests.i2c(address, write, read.length),
            () -> {
              bus.transfer(address, write, read);
              return Exchange.hex(read);
            });
      }
    };
  }

  @Override
  public SpiBus spi(String name) {
    SpiBus bus = real.spi(name);
    return new SpiBus() {
      @Override
      public String name() {
        return bus.name();
      }

      @Override
      public void transfer(int chipSelect, SpiMode mode, int hz, byte[] write, byte[] read)
          throws BusException {
        note(
            Exchange.key("spi", name),
            Requests.spi(chipSelect, mode, write, read.length),
            () -> {
              bus.transfer(chipSelect, mode, hz, write, read);
              return Exchange.hex(read);
            });
      }
    };
  }

  @Override
  public OneWireBus oneWire(String name) {
    OneWireBus bus = real.oneWire(name);
    return new OneWireBus() {
      @Override
      public String name() {
        return bus.name();
      }

      @Override
      public List<String> list() throws BusException {
        String all =
            note(Exchange.key("1w", name), Requests.LIST, () -> String.join(" ", bus.list()));
        return Requests.words(all);
      }

      @Override
      public byte[] read(String id) throws BusException {
        return Exchange.bytes(
            note(Exchange.key("1w", name), Requests.oneWire(id), () -> Exchange.hex(bus.read(id))));
      }
    };
  }

  @Override
  public GpioBus gpio(String chip) {
    return new RecordingGpio(real.gpio(chip), Exchange.key("gpio", chip), this::note);
  }

  @Override
  public PwmBus pwm(String name) {
    return new RecordingPwm(real.pwm(name), Exchange.key("pwm", name), this::note);
  }

  @Override
  public SerialBus serial(String path) {
    return new RecordingSerial(real.serial(path), Exchange.key("serial", path), this::note);
  }

  @Override
  public List<BusInfo> list() {
    return real.list();
  }
}
