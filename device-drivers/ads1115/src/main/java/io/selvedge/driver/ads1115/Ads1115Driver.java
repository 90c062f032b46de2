package io.selvedge.driver.ads1115;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.I2cBus;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Choices;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Texas Instruments ADS1115 (data sheet SBAS444D), one conversion an input and read. */
@Component(
    configurationPid = "io.selvedge.driver.ads1115",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Ads1115Config.class, factory = true)
public final class Ads1115Driver implements Driver {

  private static final int CONVERSION = 0x00;
  private static final int CONFIG = 0x01;

  // fields of the config register, 9.6.3, table 8
  private static final int START = 1 << 15;
  private static final int SINGLE_SHOT = 1 << 8;
  private static final int SAMPLES_128 = 0b100 << 5;
  private static final int NO_COMPARATOR = 0b11;
  private static final List<String> MULTIPLEXER =
      List.of("0-1", "0-3", "1-3", "2-3", "0", "1", "2", "3");
  private static final List<String> RANGES =
      List.of("6.144", "4.096", "2.048", "1.024", "0.512", "0.256");

  /** 128 samples a second, 10 % more for its clock (7.5). */
  private static final int CONVERSION_MILLIS = 9;

  private final I2cBus bus;
  private final int address;
  private final List<String> inputs;
  private final int range;

  @Activate
  public Ads1115Driver(@Reference(name = "buses") Buses buses, Ads1115Config config) {
    this.bus = buses.i2c(config.bus());
    this.address = I2cBus.address(config.address());
    this.inputs = Choices.of("inputs", config.inputs(), MULTIPLEXER);
    this.range = RANGES.indexOf(Choices.of("range", config.range(), RANGES).get(0));
  }

  @Override
  public List<Channel> channels() {
    return inputs.stream().map(input -> Channel.decimal(id(input), "V")).toList();
  }

  private static String id(String input) {
    return "in" + input.replace("-", "_in");
  }

  @Override
  public List<Reading> read() throws DeviceException, InterruptedException {
    List<Reading> readings = new ArrayList<>(inputs.size());
    for (String input : inputs) {
      readings.add(reading(id(input), convert(MULTIPLEXER.indexOf(input))));
    }
    return readings;
  }

  /** The first and the last code stand for all that lies beyond, too (9.5.4, table 5). */
  private Reading reading(String channel, short count) {
    return count == Short.MAX_VALUE || count == Short.MIN_VALUE
        ? Reading.missing(
            channel, Reason.OUT_OF_RANGE, "it is beyond [range = " + RANGES.get(range) + "]")
        : Reading.of(channel, volts(count));
  }

  private short convert(int multiplexer) throws DeviceException, InterruptedException {
    int config = START | multiplexer << 12 | range << 9 | SINGLE_SHOT | SAMPLES_128 | NO_COMPARATOR;
    bus.writeRegister(address, CONFIG, config >> 8, config);
    Thread.sleep(CONVERSION_MILLIS);
    return ByteBuffer.wrap(bus.readRegister(address, CONVERSION, 2)).getShort();
  }

  /** Two's complement, 0x8000 is the negative full scale (9.5.4). */
  private double volts(short count) {
    return count * Double.parseDouble(RANGES.get(range)) / 0x8000;
  }
}
