package io.selvedge.driver.ds18b20;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.OneWireBus;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Analog Devices DS18B20 (data sheet 19-7487), measured and proved by the kernel. */
@Component(
    configurationPid = "io.selvedge.driver.ds18b20",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Ds18b20Config.class, factory = true)
public final class Ds18b20Driver implements Driver {

  private static final List<Channel> CHANNELS = List.of(Channel.decimal("temperature", "Cel"));
  private static final double CELSIUS_PER_COUNT = 0.0625; // table 1
  private static final int POWER_ON_COUNT = 0x0550;
  private static final int MEASURED_BYTE_6 = 0x10; // reserved; 0x0c or, in copies, 0xff before
  private static final double LEAST_CELSIUS = -55;
  private static final double MOST_CELSIUS = 125;
  private static final String FAMILY = "28-";

  private final OneWireBus bus;
  private final String id;

  @Activate
  public Ds18b20Driver(@Reference(name = "buses") Buses buses, Ds18b20Config config) {
    this.bus = buses.oneWire(config.bus());
    this.id = config.id().strip();
    if (!id.isEmpty() && !id.startsWith(FAMILY)) {
      throw new IllegalArgumentException(
          "id [" + id + "] must begin with [28-], for example [28-0000071cb802]");
    }
  }

  @Override
  public List<Channel> channels() {
    return CHANNELS;
  }

  @Override
  public List<Reading> read() throws DeviceException {
    byte[] scratchpad = bus.read(id.isEmpty() ? only() : id);
    int count = ByteBuffer.wrap(scratchpad).order(ByteOrder.LITTLE_ENDIAN).getShort();
    if (count == POWER_ON_COUNT && scratchpad[6] != MEASURED_BYTE_6) {
      // what it holds before it has measured: its supply broke down meanwhile
      return List.of(
          Reading.missing("temperature", Reason.NOT_READY, "[0x0550], its value at power-on"));
    }
    double celsius = count * CELSIUS_PER_COUNT;
    if (celsius < LEAST_CELSIUS || celsius > MOST_CELSIUS) {
      // 127.9375 where its supply was too weak to measure, as often on two wires
      return List.of(
          Reading.missing(
              "temperature", Reason.OUT_OF_RANGE, "[" + celsius + "]; look at its supply"));
    }
    return List.of(Reading.of("temperature", celsius));
  }

  private String only() throws DeviceException {
    List<String> all = bus.list().stream().filter(one -> one.startsWith(FAMILY)).toList();
    if (all.size() != 1) {
      throw new DeviceException(
          "bus [" + bus.name() + "] has " + all + "; set [id] to the one that is meant");
    }
    return all.get(0);
  }
}
