package io.selvedge.driver.template.spi;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.SpiBus;
import io.selvedge.api.bus.SpiMode;
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

/** The chip and its data sheet; here a thermocouple's converter, MAX31855 (19-5793). */
@Component(
    configurationPid = "io.selvedge.driver.template.spi",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = TemplateConfig.class, factory = true)
public final class TemplateDriver implements Driver {

  private static final int HZ = 5_000_000; // serial interface timing
  private static final int ALWAYS_0 = 0x0002_0008; // table 2
  private static final double CELSIUS_PER_COUNT = 0.25; // table 4; 14 bits, the first ones

  private final SpiBus bus;
  private final int chipSelect;

  @Activate
  public TemplateDriver(@Reference(name = "buses") Buses buses, TemplateConfig config) {
    this.bus = buses.spi(config.bus());
    this.chipSelect = config.chip_select();
  }

  @Override
  public List<Channel> channels() {
    return List.of(Channel.decimal("temperature", "Cel"));
  }

  @Override
  public List<Reading> read() throws DeviceException {
    int word = ByteBuffer.wrap(bus.read(chipSelect, SpiMode.MODE_0, HZ, 4)).getInt();
    if ((word & ALWAYS_0) != 0) {
      throw new DeviceException("no MAX31855 at chip select [" + chipSelect + "]: it is silent");
    }
    return List.of(Reading.of("temperature", (word >> 18) * CELSIUS_PER_COUNT));
  }
}
