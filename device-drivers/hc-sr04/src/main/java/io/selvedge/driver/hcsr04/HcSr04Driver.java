package io.selvedge.driver.hcsr04;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.Edge;
import io.selvedge.api.bus.GpioBus;
import io.selvedge.api.bus.GpioInput;
import io.selvedge.api.bus.GpioOutput;
import io.selvedge.api.bus.InputOptions;
import io.selvedge.api.bus.OutputOptions;
import io.selvedge.api.bus.OutputOptions.Drive;
import io.selvedge.api.bus.OutputOptions.Initial;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value.Reason;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * HC-SR04 (data sheet of Elecfreaks): a short pulse at TRIG sends a sound, ECHO is high for as long
 * as it is on its way. The kernel stamps the edges, so Java's own time does not matter.
 */
@Component(
    configurationPid = "io.selvedge.driver.hcsr04",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = HcSr04Config.class, factory = true)
public final class HcSr04Driver implements Driver {

  private static final List<Channel> CHANNELS = List.of(Channel.decimal("distance", "m"));
  private static final double NANOS_PER_METRE = 5_800_000; // there and back, at 20 Cel
  private static final double LEAST_METRES = 0.02;
  private static final double MOST_METRES = 4;
  private static final int TRIGGER_NANOS = 10_000;

  /** Without an obstacle the echo ends after 38 ms; cycles of at least 60 ms are wanted. */
  private static final int CYCLE_MILLIS = 60;

  private final GpioOutput trigger;
  private final GpioInput echo;

  @Activate
  public HcSr04Driver(@Reference(name = "buses") Buses buses, HcSr04Config config) {
    GpioBus chip = buses.gpio(config.bus());
    this.trigger =
        chip.output(config.trigger(), new OutputOptions(Initial.OFF, false, Drive.PUSH_PULL));
    this.echo = chip.input(config.echo(), InputOptions.bothEdges());
  }

  @Deactivate
  public void close() {
    trigger.close();
    echo.close();
  }

  @Override
  public List<Channel> channels() {
    return CHANNELS;
  }

  @Override
  public List<Reading> read() throws DeviceException, InterruptedException {
    echo.drain(); // late echoes of the last time
    trigger.set(true);
    Thread.sleep(0, TRIGGER_NANOS);
    trigger.set(false);
    Thread.sleep(CYCLE_MILLIS);
    List<Edge> edges = echo.drain();
    for (int i = 1; i < edges.size(); i++) {
      if (edges.get(i - 1).rising() && !edges.get(i).rising()) {
        return List.of(distance(edges.get(i).nanos() - edges.get(i - 1).nanos()));
      }
    }
    throw new DeviceException(
        "no echo at all, [" + edges.size() + "] edges; look at the wires of TRIG and ECHO");
  }

  private static Reading distance(long nanos) {
    double metres = nanos / NANOS_PER_METRE;
    return metres < LEAST_METRES || metres > MOST_METRES
        ? Reading.missing(
            "distance", Reason.OUT_OF_RANGE, "[" + metres + "] m, it measures 0.02 to 4 m")
        : Reading.of("distance", metres);
  }
}
