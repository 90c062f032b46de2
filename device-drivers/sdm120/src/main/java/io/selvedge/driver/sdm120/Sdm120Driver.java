package io.selvedge.driver.sdm120;

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

/** Eastron SDM120-Modbus (Modbus protocol implementation V2.4, 1.2.1 input registers). */
@Component(
    configurationPid = "io.selvedge.driver.sdm120",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Sdm120Config.class, factory = true)
public final class Sdm120Driver implements Driver {

  private static final String REGISTERS =
      """
      voltage V input 0 float32
      current A input 6 float32
      power W input 12 float32
      apparent_power V.A input 18 float32
      power_factor 1 input 30 float32
      frequency Hz input 70 float32
      imported_energy kW.h input 72 float32
      exported_energy kW.h input 74 float32
      """;

  private final ModbusUnits.Unit meter;

  @Activate
  public Sdm120Driver(@Reference(name = "modbus") ModbusUnits modbus, Sdm120Config config) {
    ModbusUnits.Serial serial = new ModbusUnits.Serial(config.baud(), "none", 1);
    this.meter = modbus.unit(config.bus(), serial, config.unit(), REGISTERS);
  }

  @Deactivate
  public void close() {
    meter.close();
  }

  @Override
  public List<Channel> channels() {
    return meter.channels();
  }

  @Override
  public List<Reading> read() throws DeviceException, InterruptedException {
    return meter.read();
  }
}
