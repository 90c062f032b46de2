package io.selvedge.driver.tmp102;

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

/**
 * Texas Instruments TMP102 (data sheet SBOS397) and those with the same register, as they are after
 * power-up.
 */
@Component(
    configurationPid = "io.selvedge.driver.tmp102",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Tmp102Config.class, factory = true)
public final class Tmp102Driver implements Driver {

  private static final List<Channel> CHANNELS = List.of(Channel.decimal("temperature", "Cel"));
  private static final int TEMPERATURE = 0x00;
  private static final double CELSIUS_PER_COUNT = 1 / 256.0;
  private static final int CONVERSION_MILLIS = 300; // at most, an LM75; a TMP102 35
  private static final int EXTENDED = 1; // another program, or the kernel, has set this mode

  private final I2cBus bus;
  private final int address;
  private final int unused;

  @Activate
  public Tmp102Driver(@Reference(name = "buses") Buses buses, Tmp102Config config) {
    this.bus = buses.i2c(config.bus());
    this.address = I2cBus.address(config.address());
    this.unused = Short.SIZE - config.bits();
  }

  @Override
  public List<Channel> channels() {
    return CHANNELS;
  }

  @Override
  public List<Reading> read() throws DeviceException, InterruptedException {
    short word = word();
    if (word == 0) { // what it holds at power-up, too (7.5.2)
      Thread.sleep(CONVERSION_MILLIS);
      word = word();
    }
    boolean extended = unused == Short.SIZE - 12 && (word & EXTENDED) != 0;
    return List.of(
        Reading.of(
            "temperature", extended ? celsius(word >> 3 << 4) : celsius(word >> unused << unused)));
  }

  private short word() throws DeviceException {
    return ByteBuffer.wrap(bus.readRegister(address, TEMPERATURE, 2)).getShort();
  }

  /**
   * Two's complement, left-aligned (7.3.1, table 5): whole degrees are in the upper byte. Extended:
   * 13 bits (table 6).
   */
  private static double celsius(int word) {
    return word * CELSIUS_PER_COUNT;
  }
}
