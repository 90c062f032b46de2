package io.selvedge.driver.mcp9808;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.I2cBus;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import java.nio.ByteBuffer;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Microchip MCP9808 (data sheet DS25095), as it is after power-up. */
@Component(
    configurationPid = "io.selvedge.driver.mcp9808",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Mcp9808Config.class, factory = true)
public final class Mcp9808Driver implements Driver {

  private static final List<Channel> CHANNELS = List.of(Channel.decimal("temperature", "Cel"));
  private static final int AMBIENT = 0x05;
  private static final int MANUFACTURER = 0x06;
  private static final int MICROCHIP = 0x0054;
  private static final double CELSIUS_PER_COUNT = 0.0625;
  private static final int CONVERSION_MILLIS = 300; // 250 typically (table 5-5)

  private final I2cBus bus;
  private final int address;

  @Activate
  public Mcp9808Driver(@Reference(name = "buses") Buses buses, Mcp9808Config config) {
    this.bus = buses.i2c(config.bus());
    this.address = I2cBus.address(config.address());
  }

  @Override
  public List<Channel> channels() {
    return CHANNELS;
  }

  @Override
  public List<Reading> read() throws DeviceException, InterruptedException {
    int manufacturer = word(MANUFACTURER) & 0xffff;
    if (manufacturer != MICROCHIP) {
      throw new DeviceException(
          String.format(
              "the chip at [0x%02x] says manufacturer [0x%04x], an MCP9808 says [0x0054]",
              address, manufacturer));
    }
    int word = word(AMBIENT);
    if (word == 0) { // what it holds at power-up, too
      Thread.sleep(CONVERSION_MILLIS);
      word = word(AMBIENT);
    }
    return List.of(Reading.of("temperature", celsius(word)));
  }

  private int word(int register) throws DeviceException {
    return ByteBuffer.wrap(bus.readRegister(address, register, 2)).getShort();
  }

  /** 13 bits, two's complement, below three flags of alarms (5.1.3, register 5-4). */
  private static double celsius(int word) {
    return (word << 19 >> 19) * CELSIUS_PER_COUNT;
  }
}
