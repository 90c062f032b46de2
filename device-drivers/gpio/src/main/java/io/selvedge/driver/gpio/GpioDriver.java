package io.selvedge.driver.gpio;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.GpioBus;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value;
import io.selvedge.api.device.Wakeup;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Lines of a GPIO chip, as the configuration declares them. Each edge of an input is a reading of
 * its own, with the kernel's time, at once.
 */
@Component(
    configurationPid = "io.selvedge.driver.gpio",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = GpioConfig.class, factory = true)
public final class GpioDriver implements Driver {

  private final List<Line> lines;

  @Activate
  public GpioDriver(@Reference(name = "buses") Buses buses, GpioConfig config) {
    GpioBus chip = buses.gpio(config.bus());
    this.lines = LineText.parse(config.lines()).stream().map(text -> text.on(chip)).toList();
  }

  @Deactivate
  public void close() {
    lines.forEach(Line::close);
  }

  @Override
  public List<Channel> channels() {
    return lines.stream().map(Line::channel).toList();
  }

  @Override
  public void attach(Wakeup wakeup) {
    lines.forEach(line -> line.attach(wakeup));
  }

  @Override
  public List<Reading> read() throws DeviceException {
    if (lines.size() == 1) {
      return lines.get(0).read();
    }
    List<Reading> readings = new ArrayList<>();
    for (Line line : lines) {
      readings.addAll(line.read());
    }
    return readings;
  }

  @Override
  public void write(String channel, Value value) throws DeviceException {
    for (Line line : lines) {
      if (line.channel().id().equals(channel) && line.channel().isWritable()) {
        line.write(value.number().orElseThrow() != 0);
        return;
      }
    }
    throw new DeviceException("channel [" + channel + "] is no output");
  }
}
