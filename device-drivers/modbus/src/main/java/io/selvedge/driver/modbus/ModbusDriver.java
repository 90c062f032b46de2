package io.selvedge.driver.modbus;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Choices;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * A unit on a Modbus line (Modbus application protocol V1.1b3), with the registers that its
 * configuration declares.
 */
@Component(
    configurationPid = "io.selvedge.driver.modbus",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ModbusConfig.class, factory = true)
public final class ModbusDriver implements Driver {

  private final PlainUnit unit;

  @Activate
  public ModbusDriver(@Reference(name = "lines") Lines lines, ModbusConfig config) {
    String order = Choices.of("order", config.order(), RegisterMap.ORDERS).get(0);
    this.unit =
        new PlainUnit(
            lines,
            Line.Settings.of(config),
            config.unit(),
            RegisterMap.parse(config.registers(), order),
            config.gap());
  }

  @Deactivate
  public void close() {
    unit.close();
  }

  @Override
  public List<Channel> channels() {
    return unit.channels();
  }

  @Override
  public List<Reading> read() throws DeviceException {
    return unit.read();
  }

  @Override
  public void write(String channel, Value value) throws DeviceException {
    unit.write(channel, value);
  }
}
