package io.selvedge.driver.mcp3008;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.SpiBus;
import io.selvedge.api.bus.SpiMode;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Choices;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Microchip MCP3008, MCP3004 (data sheet DS21295D). */
@Component(
    configurationPid = "io.selvedge.driver.mcp3008",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Mcp3008Config.class, factory = true)
public final class Mcp3008Driver implements Driver {

  private static final int HZ = 1_000_000; // below 1.35 MHz, its limit at 2.7 V (1.0)
  private static final int START = 0x01;
  private static final int SINGLE_ENDED = 0x80; // table 5-2
  private static final int NULL_BIT = 0x04; // 5.0: always 0 before the result
  private static final int COUNTS = 1024;
  private static final int FULL_SCALE = COUNTS - 1;
  private static final List<String> INPUTS = List.of("0", "1", "2", "3", "4", "5", "6", "7");

  private final SpiBus bus;
  private final int chipSelect;
  private final int[] inputs;
  private final double reference;

  @Activate
  public Mcp3008Driver(@Reference(name = "buses") Buses buses, Mcp3008Config config) {
    this.bus = buses.spi(config.bus());
    this.chipSelect = config.chip_select();
    this.reference = config.reference();
    this.inputs =
        Choices.of("inputs", config.inputs(), INPUTS).stream()
            .mapToInt(Integer::parseInt)
            .toArray();
  }

  @Override
  public List<Channel> channels() {
    return Arrays.stream(inputs).mapToObj(input -> Channel.decimal("in" + input, "V")).toList();
  }

  @Override
  public List<Reading> read() throws DeviceException {
    List<Reading> readings = new ArrayList<>(inputs.length);
    for (int input : inputs) {
      readings.add(reading("in" + input, convert(input)));
    }
    return readings;
  }

  /** The last code stands for all that lies beyond, too: it saturates (4.2). */
  private Reading reading(String channel, int count) {
    return count == FULL_SCALE
        ? Reading.missing(
            channel, Reason.OUT_OF_RANGE, "it is at or above [reference = " + reference + "] V")
        : Reading.of(channel, count * reference / COUNTS);
  }

  /** Three bytes each way; the result is the last ten bits (6.1, figure 6-1). */
  private int convert(int input) throws DeviceException {
    byte[] sent = {START, (byte) (SINGLE_ENDED | input << 4), 0};
    byte[] answer = new byte[sent.length];
    bus.transfer(chipSelect, SpiMode.MODE_0, HZ, sent, answer);
    if ((answer[1] & NULL_BIT) != 0) {
      throw new DeviceException(
          "no MCP3008 at chip select [" + chipSelect + "] of [" + bus.name() + "]: it is silent");
    }
    return (answer[1] & 0x03) << 8 | (answer[2] & 0xff);
  }
}
