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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Buses that answer as a recording says: the same request gets its answers in their order, and then
 * from the first one again. What was never asked while it was recorded is {@link
 * BusException.Kind#ABSENT}, so a driver that asks for something else is found out.
 */
public final class ReplayBuses implements Buses {

  private static final Map<String, BusInfo.Kind> KINDS =
      Map.of(
          "i2c", BusInfo.Kind.I2C,
          "spi", BusInfo.Kind.SPI,
          "1w", BusInfo.Kind.ONE_WIRE,
          "gpio", BusInfo.Kind.GPIO,
          "pwm", BusInfo.Kind.PWM,
          "serial", BusInfo.Kind.SERIAL);

  private final Map<String, Map<String, Answers>> buses = new TreeMap<>();

  private static final class Answers {
    private final List<Exchange> all = new ArrayList<>();
    private int next;

    synchronized Exchange take() {
      Exchange exchange = all.get(next);
      next = (next + 1) % all.size();
      return exchange;
    }
  }

  /**
   * Buses of a recording's lines; blank ones and those that begin with {@code #} do not count.
   *
   * @throws IllegalArgumentException a line is none of a recording
   */
  public ReplayBuses(List<String> lines) {
    for (String line : lines) {
      if (!line.isBlank() && !line.startsWith("#")) {
        Exchange exchange = Exchange.parse(line);
        buses
            .computeIfAbsent(exchange.bus(), bus -> new TreeMap<>())
            .computeIfAbsent(exchange.request(), request -> new Answers())
            .all
            .add(exchange);
      }
    }
  }

  /** Buses of a recording in a file. */
  public static ReplayBuses of(Path recording) throws IOException {
    return new ReplayBuses(Files.readAllLines(recording));
  }

  private String answer(String kind, String name, String request) throws BusException {
    Answers answers = buses.getOrDefault(Exchange.key(kind, name), Map.of()).get(request);
    if (answers == null) {
      throw new BusException(
          BusException.Kind.ABSENT,
          "the recording of ["
              + kind
              + "] bus ["
              + name
              + "] has no request ["
              + request
              + "]; recorded buses: "
              + list().stream().map(BusInfo::name).toList());
    }
    return answers.take().result();
  }

  private void fill(byte[] read, String hex) {
    byte[] answer = Exchange.bytes(hex);
    System.arraycopy(answer, 0, read, 0, Math.min(read.length, answer.length));
  }

  @Override
  public I2cBus i2c(String name) {
    return new I2cBus() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void transfer(int address, byte[] write, byte[] read) throws BusException {
        fill(read, answer("i2c", name, Requests.i2c(address, write, read.length)));
      }
    };
  }

  @Override
  public SpiBus spi(String name) {
    return new SpiBus() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void transfer(int chipSelect, SpiMode mode, int hz, byte[] write, byte[] read)
          throws BusException {
        fill(read, answer("spi", name, Requests.spi(chipSelect, mode, write, read.length)));
      }
    };
  }

  @Override
  public OneWireBus oneWire(String name) {
    return new OneWireBus() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public List<String> list() throws BusException {
        return Requests.words(answer("1w", name, Requests.LIST));
      }

      @Override
      public byte[] read(String id) throws BusException {
        return Exchange.bytes(answer("1w", name, Requests.oneWire(id)));
      }
    };
  }

  @Override
  public GpioBus gpio(String chip) {
    return new ReplayGpio(chip, request -> answer("gpio", chip, request));
  }

  @Override
  public PwmBus pwm(String name) {
    return new ReplayPwm(name, request -> answer("pwm", name, request));
  }

  @Override
  public SerialBus serial(String path) {
    return new ReplaySerial(path, request -> answer("serial", path, request));
  }

  @Override
  public List<BusInfo> list() {
    List<BusInfo> all = new ArrayList<>();
    for (String bus : buses.keySet()) {
      int tab = bus.indexOf(Exchange.TAB);
      Optional.ofNullable(KINDS.get(bus.substring(0, tab)))
          .ifPresent(
              kind ->
                  all.add(new BusInfo(kind, bus.substring(tab + 1), List.of(), Optional.empty())));
    }
    return all;
  }
}
