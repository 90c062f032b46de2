package io.selvedge.driver.ina219;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.I2cBus;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value.Reason;
import java.nio.ByteBuffer;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Texas Instruments INA219 (data sheet SBOS448G), as it is after power-up: 32 V, shunt 320 mV.
 * Current and power are computed here, so that a chip that lost its power needs no calibration.
 */
@Component(
    configurationPid = "io.selvedge.driver.ina219",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Ina219Config.class, factory = true)
public final class Ina219Driver implements Driver {

  private static final List<Channel> CHANNELS =
      List.of(
          Channel.decimal("voltage", "V"),
          Channel.decimal("current", "A"),
          Channel.decimal("power", "W"));
  private static final int SHUNT_VOLTAGE = 0x01;
  private static final int BUS_VOLTAGE = 0x02;
  private static final double SHUNT_VOLTS_PER_COUNT = 10e-6; // 8.6.3.1
  private static final int MOST_SHUNT_COUNTS = 32000; // and all that is beyond 320 mV (table 7)
  private static final double BUS_VOLTS_PER_COUNT = 4e-3; // 8.6.3.2

  private final I2cBus bus;
  private final int address;
  private final double shunt;

  @Activate
  public Ina219Driver(@Reference(name = "buses") Buses buses, Ina219Config config) {
    this.bus = buses.i2c(config.bus());
    this.address = I2cBus.address(config.address());
    this.shunt = config.shunt_milliohm() / 1000;
    if (!(shunt > 0)) {
      throw new IllegalArgumentException(
          "shunt.milliohm [" + config.shunt_milliohm() + "] must be above 0, for example [100]");
    }
  }

  @Override
  public List<Channel> channels() {
    return CHANNELS;
  }

  @Override
  public List<Reading> read() throws DeviceException {
    short count = word(SHUNT_VOLTAGE);
    double current = count * SHUNT_VOLTS_PER_COUNT / shunt;
    double voltage = (word(BUS_VOLTAGE) >> 3 & 0x1fff) * BUS_VOLTS_PER_COUNT; // below: flags
    if (Math.abs(count) >= MOST_SHUNT_COUNTS) {
      String beyond = "beyond [" + Math.abs(current) + "] A; a smaller [shunt.milliohm] takes more";
      return List.of(
          Reading.of("voltage", voltage),
          Reading.missing("current", Reason.OUT_OF_RANGE, beyond),
          Reading.missing("power", Reason.OUT_OF_RANGE, beyond));
    }
    return List.of(
        Reading.of("voltage", voltage),
        Reading.of("current", current),
        Reading.of("power", voltage * current));
  }

  private short word(int register) throws DeviceException {
    return ByteBuffer.wrap(bus.readRegister(address, register, 2)).getShort();
  }
}
