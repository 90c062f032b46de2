package io.selvedge.driver.pcf8574;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.I2cBus;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Choices;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import java.util.List;
import java.util.OptionalInt;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * NXP, Texas Instruments PCF8574 (data sheet SCPS068): a line that is high is only held so weakly
 * that it is an input, too (8.3). What is driven is written at each read, so a chip that lost its
 * power is as before.
 */
@Component(
    configurationPid = "io.selvedge.driver.pcf8574",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Pcf8574Config.class, factory = true)
public final class Pcf8574Driver implements Driver {

  private static final List<String> LINES = List.of("0", "1", "2", "3", "4", "5", "6", "7");

  private final I2cBus bus;
  private final int address;
  private final int outputs;
  private final int inverted;
  private final List<Channel> channels;
  private OptionalInt latch = OptionalInt.empty(); // not before the chip was seen

  @Activate
  public Pcf8574Driver(@Reference(name = "buses") Buses buses, Pcf8574Config config) {
    this.bus = buses.i2c(config.bus());
    this.address = I2cBus.address(config.address());
    List<String> driven = Choices.of("outputs", config.outputs(), LINES);
    this.outputs = driven.stream().mapToInt(line -> 1 << Integer.parseInt(line)).sum();
    this.inverted = config.active_low() ? outputs : 0;
    this.channels =
        LINES.stream()
            .map(line -> Channel.flag("p" + line))
            .map(c -> driven.contains(c.id().substring(1)) ? c.writable() : c)
            .toList();
  }

  @Override
  public List<Channel> channels() {
    return channels;
  }

  @Override
  public List<Reading> read() throws DeviceException {
    int lines = exchange(latch()) ^ inverted;
    return LINES.stream()
        .map(line -> Reading.of("p" + line, ((lines >> Integer.parseInt(line)) & 1) != 0))
        .toList();
  }

  @Override
  public void write(String channel, Value value) throws DeviceException {
    int bit = channel.matches("p[0-7]") ? 1 << (channel.charAt(1) - '0') : 0;
    if ((bit & outputs) == 0) {
      throw new DeviceException("channel [" + channel + "] is none of [outputs]");
    }
    boolean high = (value.number().orElseThrow() != 0) != ((bit & inverted) != 0);
    int wanted = high ? latch() | bit : latch() & ~bit;
    exchange(wanted);
    latch = OptionalInt.of(wanted);
  }

  /** At first what the chip drives already, so that no relay clicks; inputs are always high. */
  private int latch() throws DeviceException {
    if (latch.isEmpty()) {
      latch = OptionalInt.of((bus.read(address, 1)[0] & outputs) | (~outputs & 0xff));
    }
    return latch.getAsInt();
  }

  private int exchange(int driven) throws DeviceException {
    byte[] lines = new byte[1];
    bus.transfer(address, new byte[] {(byte) driven}, lines);
    return lines[0] & 0xff;
  }
}
