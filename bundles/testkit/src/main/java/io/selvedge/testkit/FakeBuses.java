package io.selvedge.testkit;

import io.selvedge.api.bus.BusInfo;
import io.selvedge.api.bus.Buses;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All buses of a machine without hardware. Each is there from when it is first asked for, whatever
 * its name, the same one each time: {@code buses.i2c("i2c1").put(0x48, 0, 0x19, 0)} in the test is
 * what the driver with {@code bus = i2c1} sees. Time is simulated and moves only when told.
 */
public final class FakeBuses implements Buses {

  private final FakeClock clock;
  private final Map<String, FakeI2cBus> i2c = new TreeMap<>();
  private final Map<String, FakeGpioBus> gpio = new TreeMap<>();
  private final Map<String, FakeSpiBus> spi = new TreeMap<>();
  private final Map<String, FakePwmBus> pwm = new TreeMap<>();
  private final Map<String, FakeOneWireBus> oneWire = new TreeMap<>();
  private final Map<String, FakeSerialBus> serial = new TreeMap<>();

  public FakeBuses() {
    this(new FakeClock(Instant.parse("2026-01-01T00:00:00Z")));
  }

  /** Buses whose edges are stamped by this clock. */
  public FakeBuses(FakeClock clock) {
    this.clock = clock;
  }

  /** Lets time pass: bouncing contacts settle, edges come. */
  public void advance(Duration duration) {
    clock.advance(duration);
    gpio.values().forEach(FakeGpioBus::settle);
  }

  /** The clock of these buses. */
  public FakeClock clock() {
    return clock;
  }

  @Override
  public FakeI2cBus i2c(String name) {
    return i2c.computeIfAbsent(name, FakeI2cBus::new);
  }

  @Override
  public FakeGpioBus gpio(String chip) {
    return gpio.computeIfAbsent(chip, name -> new FakeGpioBus(name, clock));
  }

  @Override
  public FakeSpiBus spi(String name) {
    return spi.computeIfAbsent(name, FakeSpiBus::new);
  }

  @Override
  public FakePwmBus pwm(String name) {
    return pwm.computeIfAbsent(name, FakePwmBus::new);
  }

  @Override
  public FakeOneWireBus oneWire(String name) {
    return oneWire.computeIfAbsent(name, FakeOneWireBus::new);
  }

  @Override
  public FakeSerialBus serial(String path) {
    return serial.computeIfAbsent(path, FakeSerialBus::new);
  }

  @Override
  public List<BusInfo> list() {
    List<BusInfo> all = new ArrayList<>();
    i2c.keySet().forEach(name -> all.add(info(BusInfo.Kind.I2C, name)));
    gpio.keySet().forEach(name -> all.add(info(BusInfo.Kind.GPIO, name)));
    spi.keySet().forEach(name -> all.add(info(BusInfo.Kind.SPI, name)));
    pwm.keySet().forEach(name -> all.add(info(BusInfo.Kind.PWM, name)));
    oneWire.keySet().forEach(name -> all.add(info(BusInfo.Kind.ONE_WIRE, name)));
    serial.keySet().forEach(name -> all.add(info(BusInfo.Kind.SERIAL, name)));
    return all;
  }

  private static BusInfo info(BusInfo.Kind kind, String name) {
    return new BusInfo(kind, name, List.of(), Optional.empty());
  }
}
