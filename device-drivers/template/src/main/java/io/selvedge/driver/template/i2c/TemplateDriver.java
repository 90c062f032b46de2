package io.selvedge.driver.template.i2c;

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

/** The chip and its data sheet; here a thermometer with one register, LM75 (SNIS153). */
@Component(
    configurationPid = "io.selvedge.driver.template.i2c",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = TemplateConfig.class, factory = true)
public final class TemplateDriver implements Driver {

  private static final int TEMPERATURE = 0x00; // register: 7.5
  private static final double CELSIUS_PER_COUNT = 1 / 256.0; // 7.3.3

  private final I2cBus bus;
  private final int address;

  @Activate
  public TemplateDriver(@Reference(name = "buses") Buses buses, TemplateConfig config) {
    this.bus = buses.i2c(config.bus());
    this.address = I2cBus.address(config.address());
  }

  @Override
  public List<Channel> channels() {
    return List.of(Channel.decimal("temperature", "Cel"));
  }

  @Override
  public List<Reading> read() throws DeviceException {
    short count = ByteBuffer.wrap(bus.readRegister(address, TEMPERATURE, 2)).getShort();
    return List.of(Reading.of("temperature", count * CELSIUS_PER_COUNT));
  }
}
