package io.selvedge.driver.template.modbus;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.driver.modbus.ModbusUnits;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The device and its register list; here a weather station. */
@Component(
    configurationPid = "io.selvedge.driver.template.modbus",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = TemplateConfig.class, factory = true)
public final class TemplateDriver implements Driver {

  private static final String REGISTERS =
      """
      temperature Cel input 0 int16 scale=0.1
      humidity %{RH} input 1 uint16 scale=0.1
      """;

  private final ModbusUnits.Unit station;

  @Activate
  public TemplateDriver(@Reference(name = "modbus") ModbusUnits modbus, TemplateConfig config) {
    ModbusUnits.Serial serial = new ModbusUnits.Serial(config.baud(), "none", 1);
    this.station = modbus.unit(config.bus(), serial, config.unit(), REGISTERS);
  }

  @Deactivate
  public void close() {
    station.close();
  }

  @Override
  public List<Channel> channels() {
    return station.channels();
  }

  @Override
  public List<Reading> read() throws DeviceException, InterruptedException {
    return station.read();
  }
}
