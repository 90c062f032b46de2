package io.selvedge.driver.template.gpio;

import io.selvedge.api.bus.Buses;
import io.selvedge.api.bus.GpioInput;
import io.selvedge.api.bus.InputOptions;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Wakeup;
import java.time.Duration;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The hardware and its data sheet; here a contact that pulls its line to ground. */
@Component(
    configurationPid = "io.selvedge.driver.template.gpio",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = TemplateConfig.class, factory = true)
public final class TemplateDriver implements Driver {

  private static final Duration BOUNCE = Duration.ofMillis(5);

  private final GpioInput line;

  @Activate
  public TemplateDriver(@Reference(name = "buses") Buses buses, TemplateConfig config) {
    this.line = buses.gpio(config.bus()).input(config.line(), InputOptions.contact(BOUNCE));
  }

  @Deactivate
  public void close() {
    line.close();
  }

  @Override
  public List<Channel> channels() {
    return List.of(Channel.flag("closed"));
  }

  @Override
  public void attach(Wakeup wakeup) {
    line.onEdge(wakeup::now);
  }

  @Override
  public List<Reading> read() throws DeviceException {
    boolean closed = line.read();
    List<Reading> edges =
        line.drain().stream().map(e -> Reading.of("closed", e.rising()).at(e.time())).toList();
    return edges.isEmpty() ? List.of(Reading.of("closed", closed)) : edges;
  }
}
