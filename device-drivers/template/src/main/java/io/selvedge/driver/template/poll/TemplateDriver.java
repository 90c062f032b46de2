package io.selvedge.driver.template.poll;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/** What is asked, and its manual; here a thermometer of the kernel (Documentation/driver-api). */
@Component(
    configurationPid = "io.selvedge.driver.template.poll",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = TemplateConfig.class, factory = true)
public final class TemplateDriver implements Driver {

  private static final double CELSIUS_PER_COUNT = 1 / 1000.0; // thermal/sysfs-api, temp

  private final Path path;

  @Activate
  public TemplateDriver(TemplateConfig config) {
    this.path = Path.of(config.path());
  }

  @Override
  public List<Channel> channels() {
    return List.of(Channel.decimal("temperature", "Cel"));
  }

  @Override
  public List<Reading> read() throws DeviceException {
    try {
      int count = Integer.parseInt(Files.readString(path).strip());
      return List.of(Reading.of("temperature", count * CELSIUS_PER_COUNT));
    } catch (IOException | NumberFormatException e) {
      throw new DeviceException("[" + path + "] gives no number, is it there? " + e, e);
    }
  }
}
