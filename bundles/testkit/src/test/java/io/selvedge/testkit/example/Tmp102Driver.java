package io.selvedge.testkit.example;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.I2cBus;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Texas Instruments TMP102 (data sheet SBOS397), as it is after power-up. */
@Component(
    configurationPid = "io.selvedge.driver.tmp102",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Tmp102Config.class, factory = true)
public final class Tmp102Driver implements Driver {

  private static final List<Channel> CHANNELS = List.of(Channel.decimal("temperature", "Cel"));
  private static final int TEMPERATURE_REGISTER = 0x00;
  private static final double CELSIUS_PER_COUNT = 0.0625;

  private final I2cBus bus;
  private final int address;

  @Activate
  public Tmp102Driver(@Reference(name = "buses") Buses buses, Tmp102Config config) {
    this.bus = buses.i2c(config.bus());
    this.address = config.address();
  }

  @Override
  public List<Channel> channels() {
    return CHANNELS;
  }

  @Override
  public List<Reading> read() throws DeviceException {
    byte[] bytes = bus.readRegister(address, TEMPERATURE_REGISTER, 2);
    return List.of(Reading.of("temperature", celsius(bytes)));
  }

  /** 12 bits, two's complement, left-aligned. */
  private static double celsius(byte[] bytes) {
    int count = (bytes[0] << 4) | ((bytes[1] & 0xf0) >> 4);
    return count * CELSIUS_PER_COUNT;
  }
}
