package io.selvedge.driver.bh1750;

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

/** ROHM BH1750FVI (data sheet of 2011), one measurement of high resolution a read. */
@Component(
    configurationPid = "io.selvedge.driver.bh1750",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Bh1750Config.class, factory = true)
public final class Bh1750Driver implements Driver {

  private static final List<Channel> CHANNELS = List.of(Channel.decimal("illuminance", "lx"));
  private static final int ONE_TIME_HIGH_RESOLUTION = 0x20; // instruction set architecture
  private static final int MEASURE_MILLIS = 180; // at most (electrical characteristics)
  private static final double COUNTS_PER_LUX = 1.2; // measurement mode
  private static final int FULL_SCALE = 0xffff; // 16 bits (block diagram); all brighter light, too

  private final I2cBus bus;
  private final int address;

  @Activate
  public Bh1750Driver(@Reference(name = "buses") Buses buses, Bh1750Config config) {
    this.bus = buses.i2c(config.bus());
    this.address = I2cBus.address(config.address());
  }

  @Override
  public List<Channel> channels() {
    return CHANNELS;
  }

  @Override
  public List<Reading> read() throws DeviceException, InterruptedException {
    bus.write(address, ONE_TIME_HIGH_RESOLUTION);
    Thread.sleep(MEASURE_MILLIS);
    int count = ByteBuffer.wrap(bus.read(address, 2)).getShort() & 0xffff;
    return List.of(
        count == FULL_SCALE
            ? Reading.missing(
                "illuminance",
                Reason.OUT_OF_RANGE,
                "it is brighter than [54612] lx, its full scale")
            : Reading.of("illuminance", count / COUNTS_PER_LUX));
  }
}
