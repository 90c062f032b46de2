package io.selvedge.driver.sht3x;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.CheckedWords;
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

/** Sensirion SHT3x-DIS (data sheet of 2022, version 7), one measurement a read. */
@Component(
    configurationPid = "io.selvedge.driver.sht3x",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Sht3xConfig.class, factory = true)
public final class Sht3xDriver implements Driver {

  private static final List<Channel> CHANNELS =
      List.of(Channel.decimal("temperature", "Cel"), Channel.decimal("humidity", "%"));

  /** Single shot, high repeatability, no clock stretching (4.3, table 9). */
  private static final int[] MEASURE = {0x24, 0x00};

  /** At most 15.5 ms (2.2, table 4). */
  private static final int MEASURE_MILLIS = 16;

  private static final double FULL_SCALE = 65535;

  private final I2cBus bus;
  private final int address;

  @Activate
  public Sht3xDriver(@Reference(name = "buses") Buses buses, Sht3xConfig config) {
    this.bus = buses.i2c(config.bus());
    this.address = I2cBus.address(config.address());
  }

  @Override
  public List<Channel> channels() {
    return CHANNELS;
  }

  @Override
  public List<Reading> read() throws DeviceException, InterruptedException {
    bus.write(address, MEASURE);
    Thread.sleep(MEASURE_MILLIS);
    int[] words = CheckedWords.of(bus.read(address, 2 * CheckedWords.SIZE));
    return List.of(
        Reading.of("temperature", celsius(words[0])), Reading.of("humidity", percent(words[1])));
  }

  /** 4.13. */
  private static double celsius(int count) {
    return -45 + 175 * count / FULL_SCALE;
  }

  /** 4.13. */
  private static double percent(int count) {
    return 100 * count / FULL_SCALE;
  }
}
