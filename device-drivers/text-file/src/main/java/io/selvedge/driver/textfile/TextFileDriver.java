package io.selvedge.driver.textfile;

import io.selvedge.api.device.Channel;
import io.selvedge.api.device.DeviceException;
import io.selvedge.api.device.Driver;
import io.selvedge.api.device.Reading;
import io.selvedge.api.device.Value.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/** One number in a file. A file that is not there is a device that is down. */
@Component(
    configurationPid = "io.selvedge.driver.textfile",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = TextFileConfig.class, factory = true)
public final class TextFileDriver implements Driver {

  private final Path path;
  private final double factor;
  private final List<Channel> channels;

  @Activate
  public TextFileDriver(TextFileConfig config) {
    this.path = Path.of(config.path().strip());
    this.factor = config.factor();
    this.channels = List.of(Channel.decimal("value", config.unit()));
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException(
          "path [" + path + "] must be a whole path, for example [/run/script/value]");
    }
  }

  @Override
  public List<Channel> channels() {
    return channels;
  }

  @Override
  public List<Reading> read() throws DeviceException {
    String text;
    try {
      text = Files.readString(path).strip();
    } catch (NoSuchFileException e) {
      throw new DeviceException("file [" + path + "] is not there; what writes it?", e);
    } catch (IOException e) {
      throw new DeviceException("file [" + path + "] cannot be read: " + e, e);
    }
    try {
      return List.of(Reading.of("value", Double.parseDouble(text) * factor));
    } catch (IllegalArgumentException e) { // no number, or none that is finite
      return List.of(Reading.missing("value", Reason.DAMAGED, "[" + text + "] is no number"));
    }
  }
}
