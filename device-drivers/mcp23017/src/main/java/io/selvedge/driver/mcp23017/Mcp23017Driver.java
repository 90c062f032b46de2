package io.selvedge.driver.mcp23017;

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
 * Microchip MCP23017 (data sheet DS20001952), registers as after power-up (BANK = 0, table 3-3). A
 * chip that lost its power is set up again.
 */
@Component(
    configurationPid = "io.selvedge.driver.mcp23017",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Mcp23017Config.class, factory = true)
public final class Mcp23017Driver implements Driver {

  private static final List<String> LINES =
      List.of(
          "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "b0", "b1", "b2", "b3", "b4", "b5", "b6",
          "b7");

  // each is a pair, A then B
  private static final int DIRECTION = 0x00;
  private static final int PULL_UP = 0x0c;
  private static final int PORT = 0x12;
  private static final int LATCH = 0x14;

  private final I2cBus bus;
  private final int address;
  private final int inputs;
  private final int pullUps;
  private final List<Channel> channels;
  private OptionalInt latch = OptionalInt.empty(); // not before the chip was seen

  @Activate
  public Mcp23017Driver(@Reference(name = "buses") Buses buses, Mcp23017Config config) {
    this.bus = buses.i2c(config.bus());
    this.address = I2cBus.address(config.address());
    List<String> driven = Choices.of("outputs", config.outputs(), LINES);
    this.inputs = 0xffff - driven.stream().mapToInt(line -> 1 << LINES.indexOf(line)).sum();
    this.pullUps = config.pull_up() ? inputs : 0;
    this.channels =
        LINES.stream()
            .map(Channel::flag)
            .map(c -> driven.contains(c.id()) ? c.writable() : c)
            .toList();
  }

  @Override
  public List<Channel> channels() {
    return channels;
  }

  @Override
  public List<Reading> read() throws DeviceException {
    setUp();
    int port = pair(PORT);
    return LINES.stream()
        .map(line -> Reading.of(line, ((port >> LINES.indexOf(line)) & 1) != 0))
        .toList();
  }

  @Override
  public void write(String channel, Value value) throws DeviceException {
    int bit = LINES.contains(channel) ? 1 << LINES.indexOf(channel) : 0;
    if ((bit & ~inputs) == 0) {
      throw new DeviceException("channel [" + channel + "] is none of [outputs]");
    }
    int before = setUp();
    int wanted = value.number().orElseThrow() != 0 ? before | bit : before & ~bit;
    pair(LATCH, wanted);
    latch = OptionalInt.of(wanted);
  }

  /**
   * The latch. At first what the chip drives already, and of a chip that drives nothing yet the
   * levels that its lines have: a relay board that is on when low holds them high. So no relay
   * clicks.
   */
  private int setUp() throws DeviceException {
    if (latch.isEmpty()) {
      int undriven = pair(DIRECTION);
      latch = OptionalInt.of(((pair(LATCH) & ~undriven) | (pair(PORT) & undriven)) & ~inputs);
    }
    if (pair(DIRECTION) != inputs || pair(PULL_UP) != pullUps) {
      pair(LATCH, latch.getAsInt());
      pair(DIRECTION, inputs);
      pair(PULL_UP, pullUps);
    }
    return latch.getAsInt();
  }

  private int pair(int register) throws DeviceException {
    byte[] bytes = bus.readRegister(address, register, 2);
    return (bytes[1] & 0xff) << 8 | (bytes[0] & 0xff);
  }

  private void pair(int register, int value) throws DeviceException {
    bus.writeRegister(address, register, value, value >> 8);
  }
}
